package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.DecoderConfig;

/**
 * Rotary position tables (arXiv 2104.09864), in Hugging Face's order of pairs (i, i + headSize /
 * 2).
 *
 * @param cos {@code [time, 1, headSize / 2]}
 * @param sin {@code [time, 1, headSize / 2]}
 */
record Rope(NDArray cos, NDArray sin) implements AutoCloseable {
  /** Tables for positions 0 to {@code time - 1}; the angles are computed in double precision. */
  static Rope tables(NDManager manager, DecoderConfig config, int time) {
    int half = config.headSize() / 2;
    float[] cos = new float[time * half];
    float[] sin = new float[time * half];
    for (int position = 0; position < time; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(config.ropeTheta(), -2.0 * i / config.headSize());
        cos[position * half + i] = (float) Math.cos(angle);
        sin[position * half + i] = (float) Math.sin(angle);
      }
    }
    Shape shape = new Shape(time, 1, half);
    return new Rope(manager.create(cos, shape), manager.create(sin, shape));
  }

  int time() {
    return (int) cos.getShape().get(0);
  }

  @Override
  public void close() {
    cos.close();
    sin.close();
  }
}
