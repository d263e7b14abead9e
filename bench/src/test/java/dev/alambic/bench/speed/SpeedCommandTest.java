package dev.alambic.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.report.MarkdownTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedCommandTest {
  private static final ModelSize SIZE = ModelSize.all().get(0);

  private static final double FLOPS = 3 * ModelSize.flops(SIZE.shape(), ModelSize.SEQUENCE);
  private static final Measurement HALF =
      new Measurement(SIZE, 2, Precision.FP32, 80, 40e9 / FLOPS, 15_000, 20_000);

  @Test
  void aStepStandsBesideTheMatmulInTheSameUnit() {
    assertThat(cells(SpeedCommand.steps(List.of(HALF))))
        .containsSubsequence("261K", "64", "2048", "8 x 256", "FP32", "2")
        .endsWith("40.0", "80.0", "0.50");
  }

  @Test
  void scoringStandsBesideItsForwardPass() {
    assertThat(cells(SpeedCommand.teachers(List.of(HALF))))
        .containsSubsequence("261K", "FP32", "2", "15000", "20000", "0.75");
  }

  private static List<String> cells(MarkdownTable table) {
    String row = table.text().lines().skip(2).findFirst().orElseThrow();
    return Arrays.stream(row.split("\\|")).map(String::strip).filter(c -> !c.isEmpty()).toList();
  }
}
