package dev.alambic.decoder;

/**
 * Rotary positions (arXiv 2104.09864): pair i of a head turns by {@code theta^(-2 i / headSize)}
 * radians a token, slowed down by the scaling.
 *
 * @param theta base of the frequencies
 * @param scaling or null for none
 */
public record Rotary(double theta, Scaling scaling) {

  /** Rotary positions without scaling. */
  public static Rotary plain(double theta) {
    return new Rotary(theta, null);
  }

  /** How frequencies are slowed down. */
  public enum Kind {
    /** All alike. */
    Linear,
    /** The slow ones only, with a ramp between, over how often they turn: Llama 3.1. */
    Llama3,
    /** The slow ones only, with a ramp between, over their numbers (YaRN, arXiv 2309.00071). */
    Yarn,
    /** All, but only of sequences that are longer than the context: here none is. */
    Dynamic
  }

  /**
   * Frequencies divided by a factor, as transformers' {@code modeling_rope_utils.py} does it. Of
   * {@link Kind#Llama3} and {@link Kind#Yarn} a pair that turns fewer than {@code
   * lowFrequencyFactor} times in {@code originalContextLength} tokens is slowed down, one that
   * turns more than {@code highFrequencyFactor} times is not; else these are 0.
   *
   * @param factor a frequency's divisor
   * @param originalContextLength tokens before the context was stretched
   * @param attentionFactor that sines and cosines are multiplied by; 1 but with Yarn
   * @param truncate whether Yarn's ramp begins and ends at whole pairs
   */
  public record Scaling(
      Kind kind,
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalContextLength,
      double attentionFactor,
      boolean truncate) {

    /** Every frequency divided by {@code factor}. */
    public static Scaling linear(double factor) {
      return new Scaling(Kind.Linear, factor, 0, 0, 0, 1, false);
    }

    /** None, within the context. */
    public static Scaling dynamic(double factor) {
      return new Scaling(Kind.Dynamic, factor, 0, 0, 0, 1, false);
    }

    /** Llama 3.1's. */
    public static Scaling llama3(
        double factor, double lowFrequencyFactor, double highFrequencyFactor, int context) {
      return new Scaling(
          Kind.Llama3, factor, lowFrequencyFactor, highFrequencyFactor, context, 1, false);
    }
  }
}
