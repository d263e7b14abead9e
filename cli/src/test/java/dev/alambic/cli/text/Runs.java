package dev.alambic.cli.text;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.util.List;
import java.util.stream.Stream;

/** Progress of runs in several moments. */
public final class Runs {
  public static final List<CurvePoint> CURVE =
      List.of(
          new CurvePoint(100_000, 9.5, 6.0, 2.9, null, false),
          new CurvePoint(1_000_000, 4.5, 1.5, 2.9, null, true),
          new CurvePoint(2_000_000, 4.0, 1.0, 2.9, null, true),
          new CurvePoint(4_000_000, 3.6, 0.75, 2.9, null, true),
          new CurvePoint(8_000_000, 3.4, 0.5, 2.9, null, true));

  private Runs() {}

  public static Progress training() {
    return run(Progress.State.Training, null, CURVE, near(null));
  }

  public static Progress coolingDown() {
    CurvePoint decayed = new CurvePoint(9_000_000, 3.25, 0.4, 2.9, null, false);
    List<CurvePoint> curve = Stream.concat(CURVE.stream(), Stream.of(decayed)).toList();
    return run(Progress.State.CoolingDown, null, curve, near(5_000_000L));
  }

  public static Progress at(Progress.State state, String message) {
    return run(state, message, List.of(), null);
  }

  public static Progress run(
      Progress.State state,
      String message,
      List<CurvePoint> curve,
      Progress.Saturation saturation) {
    return TestProgress.progress(state, 12_300_000)
        .with(
            run ->
                run.job("gemma-mini")
                    .stage(new Progress.Stage(state, message))
                    .position(new Progress.Position(1234, 12_300_000, 50_000_000))
                    .speed(new Progress.Speed(41_200.0, 0.01))
                    .learning(new Progress.Learning(0, 0, 1e-3, 3.21, curve))
                    .verdict(new Progress.Verdict(saturation, List.of())));
  }

  public static Progress.Saturation near(Long savedTokens) {
    return new Progress.Saturation(
        SaturationState.NearSaturation,
        "the estimate is within twice the tokens so far",
        new Progress.Gains(0.01, 0.07, 0.19),
        new Progress.Range(12_000_000L, 18_000_000L, 31_000_000L),
        new Progress.Fit(2.8, 250, 0.36, 0.004, 40),
        savedTokens,
        savedTokens == null ? null : StopCause.Saturation);
  }

  public static Progress.Saturation outOfSight() {
    return new Progress.Saturation(
        SaturationState.Improving,
        "…",
        new Progress.Gains(0.1, 0.5, null),
        new Progress.Range(12_000_000L, 18_000_000L, null),
        null,
        null,
        null);
  }
}
