package dev.alambic.saturation;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress;
import java.util.Locale;

/**
 * Judges whether more tokens still help a student.
 *
 * <p>Only evaluations at a constant learning rate count, so a decay can never fake a verdict: while
 * it lasts, the verdict of the constant part stands.
 */
public final class SaturationJudge {
  /** Noise beyond this many thresholds drowns the gain: detection falls to a third at ten. */
  private static final double NOISE_LIMIT = 2;

  private static final double NORMAL_99 = 2.326;

  /** Relative standard deviation of the noise estimate, times the square root of the points. */
  private static final double NOISE_SPREAD = 2;

  private static final double NEAR = 2;

  private SaturationJudge() {}

  /**
   * The verdict; {@code savedTokens} and {@code stoppedBy} are left null.
   *
   * @param minGain nats per token that 10 % more tokens must still bring
   * @throws IllegalArgumentException if {@code minGain} is not a positive number
   */
  public static Progress.Saturation judge(
      LossCurve curve, double minGain, SaturationSettings settings) {
    if (!(minGain > 0) || Double.isInfinite(minGain)) {
      throw new IllegalArgumentException(
          "saturation.minGain is " + minGain + ": it must be a positive number of nats per token");
    }
    if (curve.size() < settings.minPoints()) {
      return unknown(curve.size(), settings.minPoints());
    }
    Evidence evidence = Evidence.gather(curve, minGain, settings);
    return report(decide(evidence, minGain), evidence);
  }

  /** The first that holds, from the most urgent on. */
  static Verdict decide(Evidence evidence, double minGain) {
    double noise = evidence.part().noise().deviation();
    boolean stillGaining = evidence.window().slope().isAbove(minGain);
    boolean teacherReached = evidence.window().gap().isGone(minGain) && !stillGaining;
    if (rises(evidence.window().slope(), minGain)) {
      return regressing(evidence);
    }
    if (isTooNoisy(evidence.part(), minGain)) {
      return new Verdict(
          SaturationState.Indeterminate,
          text(
              "one evaluation varies by %.2g nats, more than twice minGain (%.2g):"
                  + " hold out more text or raise minGain",
              noise, minGain));
    }
    if (evidence.learned() && isSaturated(evidence, stillGaining)) {
      return saturated(evidence, teacherReached);
    }
    if (teacherReached) {
      return new Verdict(
          SaturationState.TeacherBound,
          text(
              "the student is within %.2g nats of its teacher: a better teacher would help",
              Math.max(0, evidence.window().gap().mean())));
    }
    if (!evidence.learned()) {
      return new Verdict(
          SaturationState.Indeterminate,
          "the loss has not fallen since the first evaluation:"
              + " check the learning rate and the data");
    }
    return progressing(evidence);
  }

  /** All four conditions of the design; the teacher's and the noise's are checked apart. */
  private static boolean isSaturated(Evidence evidence, boolean stillGaining) {
    return evidence.interval().high() < evidence.tokens()
        && !stillGaining
        && evidence.refitsAgree()
        && evidence.window().constantRate();
  }

  /**
   * Whether the noise is above the limit, with at most a chance of 1 % that it isn't: {@link
   * LocalNoise} itself varies, as measured on synthetic curves.
   */
  private static boolean isTooNoisy(FittedPart part, double minGain) {
    double margin = 1 + NORMAL_99 * NOISE_SPREAD / Math.sqrt(part.curve().size());
    return part.noise().deviation() > margin * NOISE_LIMIT * minGain;
  }

  /** A rise that is neither chance nor too small to matter. */
  private static boolean rises(RecentSlope recent, double minGain) {
    return recent.isNegative() && recent.change() > minGain;
  }

  private static Verdict regressing(Evidence evidence) {
    return new Verdict(
        SaturationState.Regressing,
        text(
            "the validation loss rose by %.2g nats over the last %d evaluations",
            evidence.window().slope().change(), evidence.window().slope().points()));
  }

  private static Verdict saturated(Evidence evidence, boolean teacherReached) {
    String reason =
        text("10 %% more tokens would bring %.2g nats, less than minGain", gain(evidence));
    return new Verdict(
        SaturationState.Saturated,
        teacherReached ? reason + "; level with its teacher: a better one would help" : reason);
  }

  private static Verdict progressing(Evidence evidence) {
    if (evidence.window().outpaced()) {
      return new Verdict(
          SaturationState.Improving,
          text(
              "the last doubling brought more than the fitted law says: %.2g nats per 10 %%",
              evidence.window().slope().gain()));
    }
    if (evidence.interval().estimate() <= NEAR * evidence.tokens()) {
      return new Verdict(
          SaturationState.NearSaturation, "the estimate is within twice the tokens so far");
    }
    return new Verdict(
        SaturationState.Improving, text("10 %% more tokens would bring %.2g nats", gain(evidence)));
  }

  private static double gain(Evidence evidence) {
    return evidence.part().fit().law().gain(evidence.tokens(), PowerLaw.STEP);
  }

  private static Progress.Saturation unknown(int points, int needed) {
    String reason = text("%d of %d evaluations needed at a constant learning rate", points, needed);
    return new Progress.Saturation(
        SaturationState.Unknown,
        reason,
        new Progress.Gains(null, null, null),
        new Progress.Range(null, null, null),
        null,
        null,
        null);
  }

  private static Progress.Saturation report(Verdict verdict, Evidence evidence) {
    PowerLawFit fit = evidence.part().fit();
    double noise = evidence.part().noise().deviation();
    PowerLaw law = fit.law();
    Interval interval = evidence.interval();
    boolean known = !evidence.window().outpaced();
    return new Progress.Saturation(
        verdict.state(),
        verdict.reason(),
        new Progress.Gains(
            gain(evidence), law.gain(evidence.tokens(), 2), law.gain(evidence.tokens(), 10)),
        new Progress.Range(
            known ? interval.lowTokens() : null,
            known ? interval.estimateTokens() : null,
            known ? interval.highTokens() : null),
        new Progress.Fit(law.irreducible(), law.amplitude(), law.exponent(), noise, fit.points()),
        null,
        null);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
