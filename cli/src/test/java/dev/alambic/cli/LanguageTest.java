package dev.alambic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written for people and programs is the same in every language and time zone. */
class LanguageTest {
  private static final List<String> ENGLISH =
      List.of("-Duser.language=en", "-Duser.country=US", "-Duser.timezone=UTC");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"ar, EG, Asia/Kathmandu", "tr, TR, Pacific/Chatham", "fa, IR, America/St_Johns"})
  void whatIsWrittenIsTheSame(String language, String country, String zone) throws Exception {
    List<String> other =
        List.of(
            "-Duser.language=" + language, "-Duser.country=" + country, "-Duser.timezone=" + zone);
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));

    assertThat(run(other, Writers.class, there.toString()))
        .isEqualTo(run(ENGLISH, Writers.class, here.toString()))
        .contains("job");
    for (String file : List.of("curve.svg", "report.html")) {
      assertThat(there.resolve(file)).hasSameBinaryContentAs(here.resolve(file));
    }
    String[] plan = {"plan", manifest().toString()};
    assertThat(run(other, Main.class, plan))
        .isEqualTo(run(ENGLISH, Main.class, plan))
        .contains("tokens");
  }

  private Path manifest() throws IOException {
    Path manifest = folder.resolve("job.yaml");
    Files.writeString(
        manifest,
        """
        apiVersion: alambic.dev/v1alpha1
        kind: DistillationJob
        metadata: {name: quickstart-ii}
        spec:
          teacher: {model: {uri: pvc://models/gemma}, size: 27B, vocabularySize: 256000}
          student: {size: 2.6B}
          tokenBudget: 2T
          data: {uri: pvc://corpus/web}
        """);
    return manifest;
  }

  private static String run(List<String> language, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(language);
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
