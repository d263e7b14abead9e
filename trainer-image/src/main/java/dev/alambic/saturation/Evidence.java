package dev.alambic.saturation;

import java.util.Arrays;

/**
 * What a curve shows, before anything is decided.
 *
 * @param tokens of the latest evaluation at a constant learning rate
 * @param part of the curve that lies on one power law
 * @param interval of the saturation point
 * @param refitsAgree whether the fits of now, an eighth and a quarter doubling ago each put
 *     saturation behind the tokens they had seen, and close to each other
 * @param learned whether the loss has fallen by more than its noise since the first evaluation
 */
record Evidence(
    double tokens,
    FittedPart part,
    Interval interval,
    Window window,
    boolean refitsAgree,
    boolean learned) {

  /**
   * The last doubling of the tokens.
   *
   * @param slope of the loss
   * @param outpaced whether it brought more than the law says: then the law is not the curve's, and
   *     neither is its saturation point
   * @param gap to the teacher
   * @param constantRate whether the learning rate was constant
   */
  record Window(RecentSlope slope, boolean outpaced, TeacherGap gap, boolean constantRate) {}

  /** The middle one of these is where the loss began; a single spike is not taken for it. */
  private static final int FIRST_POINTS = 3;

  /** Fewest points of a slope. */
  private static final int WINDOW_POINTS = 6;

  /** Gathers it; the curve has at least {@link SaturationSettings#minPoints} points. */
  static Evidence gather(LossCurve whole, double minGain, SaturationSettings settings) {
    FittedPart part = FittedPart.of(whole, minGain);
    PowerLaw law = part.fit().law();
    LossCurve window = whole.window(WINDOW_POINTS);
    RecentSlope recent = RecentSlope.of(window, part.noise().correlation());
    return new Evidence(
        whole.lastTokens(),
        part,
        interval(part, minGain, settings),
        new Window(
            recent,
            recent.isAbove(
                Math.max(minGain, law.gain((double) window.firstTokens(), PowerLaw.STEP))),
            TeacherGap.of(window),
            window.isConstantRate()),
        Refits.agree(whole, minGain, settings),
        hasLearned(whole, part));
  }

  private static Interval interval(FittedPart part, double minGain, SaturationSettings settings) {
    Interval interval = new BlockBootstrap(part.fit(), part.curve(), minGain).interval(settings);
    return part.bends() ? interval : interval.outOfSight((double) part.curve().lastTokens());
  }

  /** Three standard deviations: noise alone hardly does that. */
  private static boolean hasLearned(LossCurve whole, FittedPart part) {
    double[] first = Arrays.stream(whole.losses()).limit(FIRST_POINTS).sorted().toArray();
    double fall = first[FIRST_POINTS / 2] - part.fit().law().loss((double) whole.lastTokens());
    return fall > Math.max(3 * part.noise().deviation(), 1e-9);
  }
}
