package dev.alambic.bench.server;

import ai.djl.ndarray.NDArray;
import dev.alambic.model.Decoder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Makes a model with random weights as sure of itself as a trained one, by the gain of its final
 * norm, which all logits are multiples of. How many ids are drawn, and with it the length of a
 * record, depends on that.
 */
final class Sharpness {
  private static final int HALVINGS = 12;

  private Sharpness() {}

  /**
   * Sets the gain so that the entropy comes near what is asked for.
   *
   * @param decoder whose norms add 1 to their weight, as Gemma's do
   * @param nats mean entropy to reach
   * @param entropy mean entropy at the present gain, nats
   */
  static void set(Decoder decoder, double nats, DoubleSupplier entropy) {
    double low = 1;
    double high = 64;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      gain(decoder.parameters().norm(), middle);
      if (entropy.getAsDouble() > nats) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  private static void gain(NDArray norm, double gain) {
    float[] weights = new float[(int) norm.size()];
    Arrays.fill(weights, (float) (gain - 1));
    norm.set(FloatBuffer.wrap(weights));
  }
}
