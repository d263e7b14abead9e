package dev.alambic.model.reference;

import dev.alambic.decoder.Rotary;

/**
 * Rotary positions (Su et al., arXiv 2104.09864) in Hugging Face's convention: element i of a head
 * turns together with element i + half, not with its neighbour.
 */
final class RotaryPosition {

  private RotaryPosition() {}

  /** Turns pair i by {@code position} times its frequency, in radians. */
  static double[] apply(double[] head, int position, Rotary rotary) {
    int half = head.length / 2;
    double[] turned = new double[head.length];
    for (int i = 0; i < half; i++) {
      double angle = position * frequency(i, head.length, rotary);
      turned[i] = head[i] * Math.cos(angle) - head[i + half] * Math.sin(angle);
      turned[i + half] = head[i + half] * Math.cos(angle) + head[i] * Math.sin(angle);
    }
    return turned;
  }

  /**
   * {@code theta^(-2 i / size)}, slowed down. Llama 3.1's scaling is told in wavelengths: short
   * ones stay, long ones are stretched by the factor, between them the frequency is mixed.
   */
  static double frequency(int i, int size, Rotary rotary) {
    double frequency = Math.pow(rotary.theta(), -2.0 * i / size);
    Rotary.Scaling scaling = rotary.scaling();
    if (scaling == null) {
      return frequency;
    }
    if (scaling.kind() == Rotary.Kind.Linear) {
      return frequency / scaling.factor();
    }
    double wavelength = 2 * Math.PI / frequency;
    double context = scaling.originalContextLength();
    if (wavelength < context / scaling.highFrequencyFactor()) {
      return frequency;
    }
    if (wavelength > context / scaling.lowFrequencyFactor()) {
      return frequency / scaling.factor();
    }
    double smooth =
        (context / wavelength - scaling.lowFrequencyFactor())
            / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
    return (1 - smooth) * frequency / scaling.factor() + smooth * frequency;
  }
}
