package dev.alambic.bench.saturation;

import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.PowerLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A kind of curve with a known saturation point: a power law of this exponent, eight evaluations
 * per doubling, and first-order autoregressive noise.
 *
 * @param exponent alpha
 * @param noise standard deviation of one evaluation, in thresholds
 * @param correlation of successive evaluations' noise
 */
record Truth(double exponent, double noise, double correlation) {
  /** Nats per token that 10 % more tokens must bring. */
  static final double MIN_GAIN = 0.002;

  /** Tokens at which they bring exactly that. */
  static final double SATURATION_TOKENS = 1e9;

  /** Tokens of the first evaluation. */
  static final double FIRST_TOKENS = SATURATION_TOKENS / 128;

  /** Tokens of the last evaluation: twice the saturation point. */
  static final double LAST_TOKENS = 2 * SATURATION_TOKENS;

  private static final double IRREDUCIBLE = 2.5;
  private static final double STEP = 1.1;
  private static final double PER_DOUBLING = 8;

  /** The law without noise. */
  PowerLaw law() {
    double share = 1 - Math.pow(STEP, -exponent);
    double amplitude = MIN_GAIN * Math.pow(SATURATION_TOKENS, exponent) / share;
    return new PowerLaw(IRREDUCIBLE, amplitude, exponent);
  }

  /** One curve of this kind. */
  LossCurve curve(SplittableRandom random) {
    PowerLaw law = law();
    double fresh = Math.sqrt(1 - correlation * correlation);
    double wander = random.nextGaussian();
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; tokens(i) <= LAST_TOKENS * 1.0001; i++) {
      double loss = law.loss(tokens(i)) + noise * MIN_GAIN * wander;
      points.add(new CurvePoint(Math.round(tokens(i)), loss, null, null, null, true));
      wander = correlation * wander + fresh * random.nextGaussian();
    }
    return LossCurve.of(points);
  }

  /** Tokens of the evaluation with this index. */
  static double tokens(int index) {
    return FIRST_TOKENS * Math.pow(2, index / PER_DOUBLING);
  }
}
