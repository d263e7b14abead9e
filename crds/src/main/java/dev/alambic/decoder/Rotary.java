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
    /** The slow ones only, with a ramp between: Llama 3.1. */
    Llama3
  }

  /**
   * Frequencies divided by a factor, as transformers' {@code modeling_rope_utils.py} does it. The
   * last three are for {@link Kind#Llama3}, else 0: a wavelength longer than {@code
   * originalContextLength / lowFrequencyFactor} tokens is slowed down, one shorter than {@code
   * originalContextLength / highFrequencyFactor} is not.
   *
   * @param factor a frequency's divisor
   * @param originalContextLength tokens before the context was stretched
   */
  public record Scaling(
      Kind kind,
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalContextLength) {

    /** Every frequency divided by {@code factor}. */
    public static Scaling linear(double factor) {
      return new Scaling(Kind.Linear, factor, 0, 0, 0);
    }
  }
}
