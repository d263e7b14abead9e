package dev.alambic.generate;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.stream.IntStream;

/** Chooses tokens from logits, in double precision; pure. */
public final class Sampler {
  private Sampler() {}

  /**
   * A chosen token.
   *
   * @param logProbability natural logarithm of the token's probability at the sampling's
   *     temperature (1 if greedy), before top-p leaves tokens out
   */
  public record Choice(int token, double logProbability) {}

  /**
   * Chooses a token.
   *
   * @param logits {@code [vocabulary]}
   * @param uniform the draw, in [0, 1)
   * @throws RunException DATA if a logit is not a number, or none is finite
   */
  public static Choice choose(float[] logits, Sampling sampling, double uniform) {
    int best = likeliest(logits);
    double[] weights = new double[logits.length];
    double temperature = sampling.greedy() ? 1 : sampling.temperature();
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      weights[id] = Math.exp(((double) logits[id] - logits[best]) / temperature);
      sum += weights[id];
    }
    int token = sampling.greedy() ? best : draw(weights, sum, sampling.topP(), uniform);
    double logProbability = ((double) logits[token] - logits[best]) / temperature - Math.log(sum);
    return new Choice(token, logProbability);
  }

  /** The first of the likeliest. */
  private static int likeliest(float[] logits) {
    int best = 0;
    for (int id = 0; id < logits.length; id++) {
      if (Float.isNaN(logits[id])) {
        throw broken("the logit of token " + id + " is not a number");
      }
      best = logits[id] > logits[best] ? id : best;
    }
    if (Float.isInfinite(logits[best])) {
      throw broken("no logit is finite");
    }
    return best;
  }

  private static RunException broken(String what) {
    return new RunException(
        ExitCode.DATA, what + ": the model's weights are damaged, or overflow in this precision");
  }

  private static int draw(double[] weights, double sum, double topP, double uniform) {
    if (topP == 1) {
      return drawn(IntStream.range(0, weights.length).toArray(), weights, uniform * sum);
    }
    int[] nucleus = nucleus(weights, sum, topP);
    double mass = 0;
    for (int id : nucleus) {
      mass += weights[id];
    }
    return drawn(nucleus, weights, uniform * mass);
  }

  /** The fewest likeliest ids whose share reaches {@code topP}, likeliest first, ties by id. */
  static int[] nucleus(double[] weights, double sum, double topP) {
    int[] ids =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted((a, b) -> Double.compare(weights[b], weights[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    double mass = 0;
    int count = 0;
    while (count < ids.length && mass < topP * sum) {
      mass += weights[ids[count++]];
    }
    return IntStream.range(0, Math.max(1, count)).map(i -> ids[i]).toArray();
  }

  private static int drawn(int[] ids, double[] weights, double at) {
    double passed = 0;
    int last = ids[0];
    for (int id : ids) {
      if (weights[id] > 0) {
        passed += weights[id];
        last = id;
        if (at < passed) {
          return id;
        }
      }
    }
    // Rounding alone leads here: the sum was taken in another order.
    return last;
  }
}
