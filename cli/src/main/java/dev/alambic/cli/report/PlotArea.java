package dev.alambic.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where data lie in a picture: tokens on a logarithmic axis to the right, nats per token on a
 * linear one upward.
 *
 * @param left of the area in pixels, as are {@code top}, {@code right} and {@code bottom}
 * @param fromTokens at the left edge
 * @param toTokens at the right edge
 * @param fromLoss at the bottom
 * @param toLoss at the top
 */
record PlotArea(
    double left,
    double top,
    double right,
    double bottom,
    double fromTokens,
    double toTokens,
    double fromLoss,
    double toLoss) {

  private static final double[] STEPS = {1, 2, 5, 10};

  /** A few more ticks than wanted are better than half as many. */
  private static final double TOLERANCE = 1.4;

  /** Pixels from the left of these tokens, no further than the edges. */
  double x(double tokens) {
    double inside = Math.max(fromTokens, Math.min(toTokens, tokens));
    double share = Math.log(inside / fromTokens) / Math.log(toTokens / fromTokens);
    return left + share * (right - left);
  }

  /** Pixels from the top of this loss. */
  double y(double loss) {
    return bottom - (loss - fromLoss) / (toLoss - fromLoss) * (bottom - top);
  }

  boolean hasTokens(double tokens) {
    return tokens >= fromTokens && tokens <= toTokens;
  }

  boolean hasLoss(double loss) {
    return loss >= fromLoss && loss <= toLoss;
  }

  /** Round token counts: 1, 2 and 5 of each power of ten, or fewer if that is too many. */
  List<Long> tokenTicks(int most) {
    for (List<Integer> digits : List.of(List.of(1, 2, 5), List.of(1, 3), List.of(1))) {
      List<Long> ticks = tokenTicks(digits);
      if (ticks.size() <= most) {
        return ticks;
      }
    }
    List<Long> powers = tokenTicks(List.of(1));
    int stride = (powers.size() + most - 1) / most;
    List<Long> ticks = new ArrayList<>();
    for (int i = 0; i < powers.size(); i += stride) {
      ticks.add(powers.get(i));
    }
    return ticks;
  }

  private List<Long> tokenTicks(List<Integer> digits) {
    List<Long> ticks = new ArrayList<>();
    for (int power = 0; power <= 18; power++) {
      for (int digit : digits) {
        double tokens = digit * Math.pow(10, power);
        if (hasTokens(tokens)) {
          ticks.add((long) tokens);
        }
      }
    }
    return ticks;
  }

  /** Distance of round losses, so that there are about {@code wanted} of them. */
  double lossStep(int wanted) {
    double rough = (toLoss - fromLoss) / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double step : STEPS) {
      if (step * power >= rough / TOLERANCE) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** Round losses, from the bottom. */
  List<Double> lossTicks(int wanted) {
    double step = lossStep(wanted);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(fromLoss / step - 1e-9); i * step <= toLoss * (1 + 1e-12); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
