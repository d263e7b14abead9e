package dev.alambic.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The distributions of a record: {@code [T, V]} log-probabilities as float32. */
final class DenseBody {
  /** How far from one the probabilities of a position may sum; float32 sums stay far under it. */
  private static final double SUM_TOLERANCE = 1e-3;

  private final int vocabularySize;

  DenseBody(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  byte[] encode(DenseSignal signal) {
    float[] values = signal.logProbabilities();
    ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    out.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return out.array();
  }

  /**
   * Reads the distributions of {@code entropy.length} positions.
   *
   * @throws SignalException for a wrong length, or naming the position whose values are not a
   *     distribution
   */
  DenseSignal decode(ByteBuffer in, float[] labelLogProbability, float[] entropy) {
    long bytes = (long) entropy.length * vocabularySize * Float.BYTES;
    if (in.remaining() != bytes) {
      throw new SignalException(
          "signal record: " + in.remaining() + " bytes of log-probabilities, expected " + bytes);
    }
    float[] values = new float[entropy.length * vocabularySize];
    in.asFloatBuffer().get(values);
    for (int position = 0; position < entropy.length; position++) {
      requireDistribution(values, position);
    }
    return new DenseSignal(labelLogProbability, entropy, values);
  }

  private void requireDistribution(float[] values, int position) {
    double sum = 0;
    for (int id = 0; id < vocabularySize; id++) {
      sum += Math.exp(values[position * vocabularySize + id]);
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new SignalException(
          "signal record: position " + position + ": probabilities sum to " + sum);
    }
  }
}
