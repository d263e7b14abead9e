package dev.alambic.progress;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.VerdictChange;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.SaturationJudge;
import dev.alambic.saturation.SaturationSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The verdicts of a run, where they changed. They follow from the curve alone, so that a resumed
 * run gives them again.
 *
 * @param changes oldest first, bounded in number
 */
record VerdictHistory(List<VerdictChange> changes) {
  static final VerdictHistory NONE = new VerdictHistory(List.of());

  /** The history that this curve gives, judged again after each of its evaluations. */
  static VerdictHistory of(List<CurvePoint> points, double minGain, int most) {
    LossCurve curve = LossCurve.of(points);
    VerdictHistory history = NONE;
    for (CurvePoint point : points) {
      SaturationState state =
          SaturationJudge.judge(curve.upTo(point.tokens()), minGain, SaturationSettings.defaults())
              .state();
      history = history.with(point.tokens(), state, most);
    }
    return history;
  }

  /** With this verdict, if it differs from the one before. */
  VerdictHistory with(long tokens, SaturationState state, int most) {
    if (!changes.isEmpty() && changes.get(changes.size() - 1).state() == state) {
      return this;
    }
    List<VerdictChange> longer = new ArrayList<>(changes);
    longer.add(new VerdictChange(tokens, state));
    return new VerdictHistory(
        List.copyOf(longer.subList(Math.max(0, longer.size() - most), longer.size())));
  }
}
