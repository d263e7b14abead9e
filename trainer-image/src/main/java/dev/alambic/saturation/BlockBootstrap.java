package dev.alambic.saturation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The interval of the saturation point, by a moving-block bootstrap of the fit's residuals (Künsch
 * 1989): whole blocks are drawn, because the noise of successive evaluations is correlated.
 *
 * <p>Three corrections, all because a plain interval is too narrow. The nominal 90 % interval of
 * such fits covers 60 to 95 %: it is widened by a calibrated factor on the logarithm of tokens. No
 * curve is one power law: those made of a steep early and a flat late one are called saturated 13
 * to 27 % too soon, however little noise there is, so the high end is at least 1.35 times the
 * estimate. And a fit that extrapolates errs more: on a measured curve the estimate grew as the
 * 0.75th power of the tokens seen. If it keeps growing so, an estimate at r times the tokens seen
 * settles at r^4 times: the high end is at least there too.
 */
final class BlockBootstrap {
  private static final double TAIL = 0.05;

  /** By how much saturation is called too soon on a curve that is not a single power law. */
  private static final double MODEL_ERROR = Math.log(1.35);

  /** 1 / (1 - 0.75): where an estimate that grows as D^0.75 meets D. */
  private static final double SETTLING = 4;

  /** An estimate beyond this many times the tokens seen is discarded. */
  private static final double SIGHT = 1000;

  private final PowerLawFit fit;
  private final double minGain;
  private final double logFirst;
  private final double logLast;
  private final double logHorizon;

  BlockBootstrap(PowerLawFit fit, LossCurve curve, double minGain) {
    this.fit = fit;
    this.minGain = minGain;
    this.logFirst = Math.log((double) curve.firstTokens());
    this.logLast = Math.log((double) curve.lastTokens());
    this.logHorizon = logLast + Math.log(SIGHT);
  }

  /** The widened interval. */
  Interval interval(SaturationSettings settings) {
    double estimate = inSight(fit.law().logSaturationTokens(minGain));
    double[] resampled = resample(settings.resamples(), new SplittableRandom(settings.seed()));
    double least = quantile(resampled, TAIL);
    double most = quantile(resampled, 1 - TAIL);
    double low = inSight(estimate - settings.inflation() * Math.max(0, most - estimate));
    double high =
        most < logHorizon
            ? inSight(estimate + settings.inflation() * Math.max(0, estimate - least))
            : logHorizon;
    return new Interval(
        Math.exp(low),
        Math.exp(estimate),
        Math.exp(admitTooSoon(estimate, high)),
        Math.exp(logHorizon));
  }

  private double admitTooSoon(double estimate, double high) {
    double ahead = estimate - logLast;
    double settled = ahead > 0 ? logLast + SETTLING * ahead : estimate;
    return inSight(Math.max(high, Math.max(settled, estimate + MODEL_ERROR)));
  }

  /** Log saturation tokens of resampled curves, ascending: {@code [resamples]}. */
  private double[] resample(int resamples, SplittableRandom random) {
    double[] noise = standardised();
    double[] logTokens = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      PowerLaw law = fit.refit(draw(noise, random));
      logTokens[i] = inSight(law.logSaturationTokens(minGain));
    }
    Arrays.sort(logTokens);
    return logTokens;
  }

  /** Residuals with spikes cut off, centred, and with their own standard deviation. */
  private double[] standardised() {
    double[] residuals = fit.residuals();
    double bound = 2 * fit.deviation();
    double[] cut =
        Arrays.stream(residuals).map(r -> Math.max(-bound, Math.min(bound, r))).toArray();
    double mean = Arrays.stream(cut).average().orElse(0);
    double square = Arrays.stream(cut).map(r -> (r - mean) * (r - mean)).average().orElse(0);
    double scale = square > 0 ? fit.deviation() / Math.sqrt(square) : 0;
    return Arrays.stream(cut).map(r -> (r - mean) * scale).toArray();
  }

  private static double[] draw(double[] noise, SplittableRandom random) {
    int n = noise.length;
    int block = Math.max(2, (int) Math.round(1.5 * Math.cbrt(n)));
    double[] drawn = new double[n];
    for (int at = 0; at < n; at += block) {
      int from = random.nextInt(n - block + 1);
      System.arraycopy(noise, from, drawn, at, Math.min(block, n - at));
    }
    return drawn;
  }

  /** No estimate lies before the first evaluation, nor beyond the horizon. */
  private double inSight(double logTokens) {
    return Math.max(logFirst, Math.min(logHorizon, logTokens));
  }

  private static double quantile(double[] ascending, double share) {
    return ascending[(int) Math.round(share * (ascending.length - 1))];
  }
}
