package dev.alambic.cli.text;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.Locale;

/** A verdict on saturation in words. */
public final class SaturationText {
  private SaturationText() {}

  /** {@code near 6.1M tokens (4.2M to 9.8M)}; null while nothing is known of the point. */
  static String point(Progress.Saturation saturation) {
    if (saturation.range().estimate() == null) {
      return saturation.range().low() == null
          ? null
          : "beyond " + Count.format(saturation.range().low()) + " tokens";
    }
    return "near "
        + Count.format(saturation.range().estimate())
        + " tokens ("
        + interval(saturation)
        + ")";
  }

  /** {@code 4.2M to 9.8M}, or {@code 4.2M or more} where the curve sets no bound. */
  public static String interval(Progress.Saturation saturation) {
    String low = saturation.range().low() == null ? "?" : Count.format(saturation.range().low());
    return saturation.range().high() == null
        ? low + " or more"
        : low + " to " + Count.format(saturation.range().high());
  }

  /** What 10 %, twice and ten times the tokens would bring; null while nothing is known. */
  static String gains(Progress.Saturation saturation) {
    if (saturation.gains().perTenth() == null || saturation.gains().perDoubling() == null) {
      return null;
    }
    String decade =
        saturation.gains().perDecade() == null
            ? ""
            : String.format(Locale.ROOT, ", %.2g for 10 times", saturation.gains().perDecade());
    return String.format(
        Locale.ROOT,
        "%.2g nats for 10 %% more tokens, %.2g for twice%s",
        saturation.gains().perTenth(),
        saturation.gains().perDoubling(),
        decade);
  }

  /** The standard deviation of one evaluation; null while it is not known. */
  static String noise(Progress.Saturation saturation) {
    return saturation.fit() == null
        ? null
        : String.format(Locale.ROOT, "%.2g nats in one evaluation", saturation.fit().noise());
  }

  /**
   * Why the run ended early and what that saved, also in time at this speed; null if it did not.
   */
  static String saved(Progress.Saturation saturation, Double tokensPerSecond) {
    if (saturation.savedTokens() == null || saturation.stoppedBy() == null) {
      return null;
    }
    String cause =
        saturation.stoppedBy() == StopCause.Request ? "as asked by hand" : "at saturation";
    String time =
        tokensPerSecond == null || !(tokensPerSecond > 0)
            ? ""
            : ", about "
                + Span.format(
                    Duration.ofSeconds(Math.round(saturation.savedTokens() / tokensPerSecond)));
    return cause + "; " + Count.format(saturation.savedTokens()) + " tokens saved" + time;
  }

  /** The state and, if known, the estimate: short enough for a progress bar. */
  static String brief(Progress.Saturation saturation) {
    return saturation.range().estimate() == null
        ? saturation.state().name()
        : saturation.state() + " ~" + Count.format(saturation.range().estimate());
  }
}
