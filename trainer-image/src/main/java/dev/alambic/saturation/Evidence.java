package dev.alambic.saturation;

/**
 * What a curve shows, before anything is decided.
 *
 * @param tokens of the latest evaluation at a constant learning rate
 * @param fit over the last {@link SaturationSettings#fitSpan} of the curve
 * @param interval of the saturation point
 * @param recent the slope over the last doubling
 * @param outpaced whether the last doubling brought more than the law says: then the law is not the
 *     curve's, and neither is its saturation point
 * @param gap to the teacher over the last doubling
 * @param refitsAgree whether the fits of now, a quarter and a half doubling ago each put saturation
 *     behind the tokens they had seen, and close to each other
 * @param constantRate whether the learning rate was constant across the last doubling
 * @param learned whether the loss has fallen by more than its noise since the first evaluation
 */
record Evidence(
    double tokens,
    PowerLawFit fit,
    Interval interval,
    RecentSlope recent,
    boolean outpaced,
    TeacherGap gap,
    boolean refitsAgree,
    boolean constantRate,
    boolean learned) {

  /** Fewest points of a slope. */
  private static final int WINDOW_POINTS = 6;

  /** Gathers it; the curve has at least {@link SaturationSettings#minPoints} points. */
  static Evidence gather(LossCurve whole, double minGain, SaturationSettings settings) {
    LossCurve curve = span(whole, settings);
    PowerLawFit fit = PowerLawFit.of(curve);
    LossCurve window = whole.window(WINDOW_POINTS);
    RecentSlope recent = RecentSlope.of(window, fit.correlation());
    return new Evidence(
        whole.lastTokens(),
        fit,
        new BlockBootstrap(fit, curve, minGain).interval(settings),
        recent,
        recent.isAbove(
            Math.max(minGain, fit.law().gain((double) window.firstTokens(), PowerLaw.STEP))),
        TeacherGap.of(window),
        Refits.agree(whole, minGain, settings),
        window.isConstantRate(),
        hasLearned(fit.law(), curve, fit.noise()));
  }

  /** The part that is fitted: the last {@code fitSpan}, or all if that is too few points. */
  static LossCurve span(LossCurve whole, SaturationSettings settings) {
    LossCurve recent = whole.from((long) (whole.lastTokens() / settings.fitSpan()));
    return recent.size() >= settings.minPoints() ? recent : whole;
  }

  /** Three standard deviations: noise alone hardly does that. */
  private static boolean hasLearned(PowerLaw law, LossCurve curve, double noise) {
    double fall = law.loss((double) curve.firstTokens()) - law.loss((double) curve.lastTokens());
    return fall > Math.max(3 * noise, 1e-9);
  }
}
