package dev.alambic.model.reference;

/**
 * Rotary positions (Su et al., arXiv 2104.09864) in Hugging Face's convention: element i of a head
 * turns together with element i + half, not with its neighbour.
 */
final class RotaryPosition {

  private RotaryPosition() {}

  /** Turns pair i by {@code position * theta^(-2 i / size)} radians. */
  static double[] apply(double[] head, int position, double theta) {
    int half = head.length / 2;
    double[] turned = new double[head.length];
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(theta, -2.0 * i / head.length);
      turned[i] = head[i] * Math.cos(angle) - head[i + half] * Math.sin(angle);
      turned[i + half] = head[i + half] * Math.cos(angle) + head[i] * Math.sin(angle);
    }
    return turned;
  }
}
