package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole program of a machine whose language has other digits, or other capitals, or whose clock
 * is a quarter of an hour off, writes what one of any other machine does, and finds it again.
 */
class LanguageTest {
  /** What tells the time, or how fast the machine is. */
  private static final String PASSING =
      "\"(savedAt|time|tokensPerSecond|waitShare|teacherWaitShare)\" : [^,\\n}]+";

  @TempDir private static Path shared;

  private static Map<String, String> expected;

  @BeforeAll
  static void writeAsEverywhere() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      text.append("the river ran ").append(i % 7).append(" and I saw it\n");
    }
    Files.createDirectory(shared.resolve("text"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(
          shared.resolve("text/" + i + ".txt"), text.substring(i * 100, i * 100 + 3000));
    }
    Path folder = Files.createDirectory(shared.resolve("en"));
    write(folder, List.of("-Duser.language=en", "-Duser.country=US", "-Duser.timezone=UTC"));
    expected = written(folder);
    assertThat(expected.keySet())
        .anyMatch(name -> name.startsWith("checkpoints/step-000000000012/"));
  }

  @ParameterizedTest
  @CsvSource({"ar, EG, Asia/Kathmandu", "tr, TR, Pacific/Chatham", "hi, IN, America/St_Johns"})
  void whatIsWrittenIsTheSame(String language, String country, String zone, @TempDir Path folder)
      throws Exception {
    write(
        folder,
        List.of(
            "-Duser.language=" + language,
            "-Duser.country=" + country,
            "-Duser.extensions=" + (language.equals("hi") ? "u-nu-deva" : ""),
            "-Duser.timezone=" + zone));

    assertThat(written(folder)).isEqualTo(expected);
  }

  @Test
  void aRunGoesOnFromItsCheckpointsInAnotherLanguage(@TempDir Path folder) throws Exception {
    List<String> arabic = List.of("-Duser.language=ar", "-Duser.country=EG");
    Files.writeString(folder.resolve("run.json"), RunJson.write(spec(folder, 6)));
    tokenizer(folder, arabic);
    run(folder, arabic, "train", "--spec", folder.resolve("run.json").toString(), "--port", "0");
    Files.writeString(folder.resolve("run.json"), RunJson.write(spec(folder, 12)));

    String log =
        run(
            folder,
            // The program's own configuration, which tells what it does.
            List.of(
                "-Duser.language=fa",
                "-Dlogback.configurationFile=" + Path.of("src/main/resources/logback.xml")),
            "train",
            "--spec",
            folder.resolve("run.json").toString(),
            "--port",
            "0");

    assertThat(log).contains("going on from " + folder.resolve("checkpoints/step-0000000000"));
  }

  private static void write(Path folder, List<String> language) throws Exception {
    tokenizer(folder, language);
    Files.writeString(folder.resolve("run.json"), RunJson.write(spec(folder, 12)));
    run(folder, language, "train", "--spec", folder.resolve("run.json").toString(), "--port", "0");
    Files.delete(folder.resolve("run.json"));
  }

  private static void tokenizer(Path folder, List<String> language) throws Exception {
    run(
        folder,
        language,
        "tokenizer",
        "--data",
        shared.resolve("text").toString(),
        "--vocabulary",
        "300",
        "--out",
        folder.resolve("tokenizer").toString());
  }

  private static String run(Path folder, List<String> language, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(language);
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(() -> read(log)).isZero();
      return read(log);
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(log);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static RunSpec spec(Path folder, long steps) {
    DecoderConfig student =
        DecoderConfig.gemma2(300, 16, 2, 2, 1, 8, 32, 8, 32, 1e4, 1e-6, 50, 30, 8);
    RunSpec.Training training =
        new RunSpec.Training(
            steps * 256,
            32,
            8,
            8,
            steps,
            new RunSpec.Rate(Schedule.WarmupStableDecay, 2, steps / 4, 1e-2, 0),
            RunSpec.Optimizer.DEFAULT,
            new RunSpec.Numerics(Precision.FP32, false, 7));
    return new RunSpec(
        RunSpec.VERSION,
        "language",
        null,
        new RunSpec.Student(
            student,
            null,
            folder.resolve("tokenizer").toString(),
            folder.resolve("student").toString()),
        new RunSpec.Data(
            shared.resolve("text").toString(),
            DataFormat.Text,
            "text",
            null,
            folder.resolve("tokens").toString(),
            null),
        new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5),
        new RunSpec.Signal(SignalEncoding.Sampled, 8, 7, null),
        training,
        null,
        new RunSpec.Evaluation(8, 512, 8, 512),
        new RunSpec.Checkpoint(folder.resolve("checkpoints").toString(), 1024, 3, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        1);
  }

  /** Locks and claims name the process. */
  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /** Every file's content, but for times and the folder's own name. */
  private static Map<String, String> written(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file :
          walk.filter(file -> Files.isRegularFile(file) && !hidden(file))
              .sorted(Comparator.naturalOrder())
              .toList()) {
        String content =
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        files.put(
            folder.relativize(file).toString(),
            content.replace(folder.toString(), "FOLDER").replaceAll(PASSING, "$1"));
      }
    }
    return files;
  }
}
