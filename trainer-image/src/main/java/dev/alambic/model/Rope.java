package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.Rotary;

/**
 * Rotary position tables (arXiv 2104.09864), in Hugging Face's order of pairs (i, i + headSize /
 * 2).
 *
 * @param cos {@code [time, 1, headSize / 2]}
 * @param sin {@code [time, 1, headSize / 2]}
 */
record Rope(NDArray cos, NDArray sin) implements AutoCloseable {
  /** Pairs of a ramp that would have none. */
  private static final double LEAST_RAMP = 0.001;

  /** Tables for positions 0 to {@code time - 1}; the angles are computed in double precision. */
  static Rope tables(NDManager manager, Rotary rotary, int headSize, int time) {
    int half = headSize / 2;
    double magnitude = rotary.scaling() == null ? 1 : rotary.scaling().attentionFactor();
    float[] cos = new float[time * half];
    float[] sin = new float[time * half];
    for (int i = 0; i < half; i++) {
      double frequency = frequency(rotary, i, headSize);
      for (int position = 0; position < time; position++) {
        cos[position * half + i] = (float) (magnitude * Math.cos(position * frequency));
        sin[position * half + i] = (float) (magnitude * Math.sin(position * frequency));
      }
    }
    Shape shape = new Shape(time, 1, half);
    return new Rope(manager.create(cos, shape), manager.create(sin, shape));
  }

  /** Radians that pair {@code i} turns per token. */
  private static double frequency(Rotary rotary, int i, int headSize) {
    double frequency = Math.pow(rotary.theta(), -2.0 * i / headSize);
    Rotary.Scaling scaling = rotary.scaling();
    if (scaling == null) {
      return frequency;
    }
    double kept =
        scaling.kind() == Rotary.Kind.Yarn
            ? keptByYarn(rotary, i, headSize)
            : kept(scaling, frequency);
    return (1 - kept) * frequency / scaling.factor() + kept * frequency;
  }

  /** The share of a frequency that is not slowed down, 0 to 1. */
  private static double kept(Rotary.Scaling scaling, double frequency) {
    return switch (scaling.kind()) {
      case Linear, Yarn -> 0;
      case Dynamic -> 1;
      case Llama3 -> {
        double turns = scaling.originalContextLength() * frequency / (2 * Math.PI);
        double ramp =
            (turns - scaling.lowFrequencyFactor())
                / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        yield Math.max(0, Math.min(1, ramp));
      }
    };
  }

  /** The same of pair {@code i}, by its number (transformers' _compute_yarn_parameters). */
  private static double keptByYarn(Rotary rotary, int i, int headSize) {
    Rotary.Scaling scaling = rotary.scaling();
    double low = pairOf(scaling.highFrequencyFactor(), rotary, headSize);
    double high = pairOf(scaling.lowFrequencyFactor(), rotary, headSize);
    if (scaling.truncate()) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    low = Math.max(low, 0);
    high = Math.min(high, headSize - 1);
    double ramp = (i - low) / (high == low ? LEAST_RAMP : high - low);
    return 1 - Math.max(0, Math.min(1, ramp));
  }

  /** The index, a fraction, of the pair that makes {@code turns} turns in the original context. */
  private static double pairOf(double turns, Rotary rotary, int headSize) {
    double context = rotary.scaling().originalContextLength();
    return headSize * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(rotary.theta()));
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
