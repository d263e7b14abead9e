package dev.alambic.generate;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;

/**
 * How a token is chosen.
 *
 * @param temperature logits are divided by this; 0 takes the likeliest token always (greedy)
 * @param topP draws come from the fewest likeliest tokens whose probabilities add up to this
 *     (nucleus sampling, arXiv 1904.09751); 1 for all
 * @param seed of the draws
 */
public record Sampling(double temperature, double topP, long seed) {
  public static final Sampling GREEDY = new Sampling(0, 1, 0);

  public Sampling {
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw new RunException(
          ExitCode.USAGE, "temperature: " + temperature + " must be 0 (greedy) or more");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new RunException(ExitCode.USAGE, "top-p: " + topP + " must be above 0, at most 1");
    }
  }

  boolean greedy() {
    return temperature == 0;
  }
}
