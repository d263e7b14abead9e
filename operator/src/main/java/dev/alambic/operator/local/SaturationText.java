package dev.alambic.operator.local;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.run.Progress;

/** A verdict on saturation in words. */
final class SaturationText {
  private SaturationText() {}

  /** {@code near 6.1M tokens (4.2M to 9.8M)}; null while nothing is known of the point. */
  static String point(Progress.Saturation saturation) {
    if (saturation.estimate() == null) {
      return saturation.low() == null
          ? null
          : "beyond " + Count.format(saturation.low()) + " tokens";
    }
    return "near " + Count.format(saturation.estimate()) + " tokens (" + interval(saturation) + ")";
  }

  /** {@code 4.2M to 9.8M}, or {@code 4.2M or more} where the curve sets no bound. */
  static String interval(Progress.Saturation saturation) {
    String low = saturation.low() == null ? "?" : Count.format(saturation.low());
    return saturation.high() == null
        ? low + " or more"
        : low + " to " + Count.format(saturation.high());
  }

  /** The state and, if known, the estimate: short enough for a progress bar. */
  static String brief(Progress.Saturation saturation) {
    return saturation.estimate() == null
        ? saturation.state().name()
        : saturation.state() + " ~" + Count.format(saturation.estimate());
  }
}
