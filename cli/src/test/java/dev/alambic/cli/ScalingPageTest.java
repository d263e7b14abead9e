package dev.alambic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.cli.plan.PlanReport;
import dev.alambic.cli.plan.PlanText;
import dev.alambic.cli.plan.ScalingText;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** docs/scaling.md shows what {@code ./alambic plan} prints, and when it prints it. */
class ScalingPageTest {
  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir Path folder;

  private static PlanReport plan(String example, String... options) throws Exception {
    return plan(EXAMPLES.resolve(example + ".yaml"), options);
  }

  private static PlanReport plan(Path manifest, String... options) throws Exception {
    PlanCommand command = new PlanCommand();
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(manifest.toString());
    new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    return command.report(Manifest.read(manifest));
  }

  /** The 9B's manifest with another text in the place of one. */
  private Path changed(String... replacements) throws IOException {
    String text = Files.readString(EXAMPLES.resolve("laptop-9b.yaml"));
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(text).contains(replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    return Files.writeString(folder.resolve("job.yaml"), text);
  }

  @ParameterizedTest
  @CsvSource({"9B, laptop-9b", "27B, one-gpu-27b"})
  void tablesAreWhatIsPrinted(String size, String example) throws Exception {
    String text = PlanText.of(plan(example));
    String table =
        text.substring(text.indexOf("a step of this student"), text.indexOf("\n\nassum"));
    DocsPage.of("scaling.md").assertPartIs(size, code(table), ScalingPageTest.class);
  }

  @Test
  void assumptionsAreWhatIsPrinted() throws Exception {
    String text = PlanText.of(plan("laptop-9b"));
    int start = text.indexOf("\n\nassumptions\n") + "\n\nassumptions\n".length();
    String list = text.substring(start, text.indexOf("\n\n", start));
    DocsPage.of("scaling.md").assertPartIs("assumptions", list + "\n", ScalingPageTest.class);
  }

  private static String code(String text) {
    return text.lines()
        .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(strings = {"laptop-9b", "one-gpu-27b", "cluster"})
  void linesFitAHundredColumns(String example) throws Exception {
    assertThat(ScalingText.of(plan(example).scaling()).lines())
        .hasSizeGreaterThan(20)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100))
        .allSatisfy(line -> assertThat(line).isEqualTo(line.stripTrailing()));
  }

  /** 1M tokens are 244 sequences of 4096. */
  @Test
  void rowsWithoutNumbersSayWhy() throws Exception {
    assertThat(ScalingText.of(plan("cluster").scaling()).replace("\n", " "))
        .contains(
            " 512 the batch has only 244 sequences: set spec.training.batchTokens to 2097152 or more")
        .contains("the rows are for 240, 240, 224, 192, 128 of them");
  }

  @Test
  void smallStudentsHaveATableWhenAsked() throws Exception {
    Path small = changed("size: 9B", "size: 700M");

    assertThat(plan(small).scaling()).isNull();
    assertThat(plan(small, "--scaling").scaling().rows()).hasSize(7);
    assertThat(plan("laptop-9b", "--no-scaling").scaling()).isNull();
  }

  @Test
  void answersAreNotCalculated() throws Exception {
    Path answers =
        changed(
            "size: 9B",
            "size: 9B\n    initFrom: {uri: pvc://models/start}\n  stage: PostTraining",
            "replicas: 64\n    sharding: Full",
            "replicas: 1");

    assertThat(plan(answers).scaling()).isNull();
    assertThatThrownBy(() -> plan(answers, "--scaling"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("--scaling: a step of stage PostTraining");
  }

  @Test
  void theMachineIsTheUsers() throws Exception {
    PlanReport report =
        plan("laptop-9b", "--utilization", "0.5", "--gpu-tflops", "900", "--network-gbits", "200");

    assertThat(report.scaling().utilization()).isEqualTo(0.5);
    assertThat(report.scaling().cluster().gpu().bf16()).isEqualTo(900e12);
    assertThat(report.scaling().cluster().networkBandwidth()).isEqualTo(25e9);
    assertThatThrownBy(() -> plan("laptop-9b", "--network-gbits", "0"))
        .hasMessageContaining("--network-gbits: 0.0 must be above 0");
  }

  @Test
  void programsReadTheSame() throws Exception {
    PlanReport report = plan("one-gpu-27b");
    JsonNode json = new ObjectMapper().readTree(RunJson.write(report));

    assertThat(json.at("/scaling/rows/0/problem").asText()).contains("cannot hold");
    assertThat(json.at("/scaling/rows/1/layout/sharding").asText()).isEqualTo("Full");
    assertThat(json.at("/scaling/rows/1/outcome/stepSeconds").asDouble())
        .isEqualTo(report.scaling().rows().get(1).outcome().stepSeconds());
    assertThat(json.at("/scaling/assumptions/0/source").asText()).contains("datasheet");
  }
}
