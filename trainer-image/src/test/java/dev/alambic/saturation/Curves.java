package dev.alambic.saturation;

import dev.alambic.run.Progress.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Synthetic loss curves whose truth is known. */
final class Curves {
  static final double MIN_GAIN = 0.002;
  static final double SATURATION_TOKENS = 1e9;
  static final double IRREDUCIBLE = 2.5;

  private Curves() {}

  /** The law that saturates at {@link #SATURATION_TOKENS} for {@link #MIN_GAIN}. */
  static PowerLaw law(double exponent) {
    double share = 1 - Math.pow(1.1, -exponent);
    return new PowerLaw(
        IRREDUCIBLE, MIN_GAIN * Math.pow(SATURATION_TOKENS, exponent) / share, exponent);
  }

  /** Eight evaluations per doubling of this loss over tokens, without noise. */
  static List<CurvePoint> points(double first, double last, DoubleUnaryOperator loss) {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; first * Math.pow(2, i / 8.0) <= last * 1.0001; i++) {
      double tokens = first * Math.pow(2, i / 8.0);
      points.add(point((long) tokens, loss.applyAsDouble(tokens)));
    }
    return points;
  }

  /** The same with first-order autoregressive noise of this standard deviation. */
  static List<CurvePoint> noisy(
      List<CurvePoint> clean, double deviation, double correlation, SplittableRandom random) {
    List<CurvePoint> points = new ArrayList<>();
    double noise = random.nextGaussian();
    for (CurvePoint point : clean) {
      double fresh = Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      noise = correlation * noise + fresh;
      points.add(point(point.tokens(), point.crossEntropy() + deviation * noise));
    }
    return points;
  }

  /** A power law's curve up to a share of its saturation point, slightly noisy. */
  static List<CurvePoint> typical(double untilShare) {
    List<CurvePoint> clean =
        points(SATURATION_TOKENS / 128, untilShare * SATURATION_TOKENS, t -> law(0.4).loss(t));
    return noisy(clean, MIN_GAIN / 2, 0.3, new SplittableRandom(1));
  }

  static CurvePoint point(long tokens, double loss) {
    return new CurvePoint(tokens, loss, null, null, null, true);
  }

  /** The same evaluations, made while the learning rate changed. */
  static List<CurvePoint> atChangingRate(List<CurvePoint> points) {
    return points.stream()
        .map(p -> new CurvePoint(p.tokens(), p.crossEntropy(), null, null, null, false))
        .toList();
  }

  /** The same evaluations, with this loss of the teacher on the same tokens. */
  static List<CurvePoint> withTeacher(List<CurvePoint> points, double teacherLoss) {
    return points.stream()
        .map(p -> new CurvePoint(p.tokens(), p.crossEntropy(), null, teacherLoss, null, true))
        .toList();
  }
}
