package dev.alambic.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.VerdictChange;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictHistoryTest {
  @Test
  void keepsChangesOnlyAndTheNewestOfThem() {
    VerdictHistory history =
        VerdictHistory.NONE
            .with(1, SaturationState.Unknown, 2)
            .with(2, SaturationState.Improving, 2)
            .with(3, SaturationState.Improving, 2)
            .with(4, SaturationState.Saturated, 2);

    assertThat(history.changes())
        .containsExactly(
            new VerdictChange(2, SaturationState.Improving),
            new VerdictChange(4, SaturationState.Saturated));
  }

  @Test
  void followsFromTheCurveAlone() {
    List<CurvePoint> curve =
        IntStream.range(0, 12)
            .mapToObj(i -> new CurvePoint(1000L << i, 3 + Math.pow(0.7, i), null, null, null, true))
            .toList();

    assertThat(VerdictHistory.of(curve, 0.001, 64).changes())
        .startsWith(
            new VerdictChange(1000, SaturationState.Unknown),
            new VerdictChange(1000L << 7, SaturationState.Improving));
  }
}
