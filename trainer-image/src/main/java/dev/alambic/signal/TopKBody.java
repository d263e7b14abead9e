package dev.alambic.signal;

import java.nio.ByteBuffer;

/**
 * The most probable ids of a record: per position K pairs of an id and its {@link FixedNats nats},
 * then the nats of all other ids together.
 */
final class TopKBody {
  private static final int NATS_BITS = Short.SIZE;

  /** Every probability is off by at most a factor of exp(1/2048). */
  private static final double SUM_TOLERANCE = 2e-3;

  private final int vocabularySize;
  private final int size;
  private final int idBits;

  TopKBody(int vocabularySize, int size) {
    this.vocabularySize = vocabularySize;
    this.size = Math.min(size, vocabularySize);
    this.idBits = BitWriter.bitsFor(vocabularySize);
  }

  long bitsPerPosition() {
    return (long) size * (idBits + NATS_BITS) + NATS_BITS;
  }

  byte[] encode(TopKSignal signal) {
    BitWriter out = new BitWriter();
    for (int position = 0; position < signal.positions(); position++) {
      int value = position * (size + 1);
      for (int k = 0; k < size; k++) {
        out.write(signal.ids()[position * size + k], idBits);
        out.write(nats(signal.logProbabilities()[value + k], position), NATS_BITS);
      }
      out.write(nats(signal.logProbabilities()[value + size], position), NATS_BITS);
    }
    return out.finish();
  }

  private static int nats(float logProbability, int position) {
    return Short.toUnsignedInt(
        FixedNats.encode(-logProbability, "minus a log-probability", position));
  }

  /**
   * Reads the ids of {@code entropy.length} positions.
   *
   * @throws SignalException for a wrong length, or naming the position whose values are not a
   *     distribution
   */
  TopKSignal decode(ByteBuffer in, float[] labelLogProbability, float[] entropy) {
    int positions = entropy.length;
    long bytes = (positions * bitsPerPosition() + Byte.SIZE - 1) / Byte.SIZE;
    if (in.remaining() != bytes) {
      throw new SignalException(
          "signal record: " + in.remaining() + " bytes of ids, expected " + bytes);
    }
    BitReader bits = new BitReader(in);
    int[] ids = new int[positions * size];
    float[] logProbabilities = new float[positions * (size + 1)];
    for (int position = 0; position < positions; position++) {
      read(bits, position, ids, logProbabilities);
      requireDistribution(logProbabilities, position);
    }
    if (!bits.atEnd()) {
      throw new SignalException("signal record: bits follow the last position");
    }
    return new TopKSignal(size, labelLogProbability, entropy, ids, logProbabilities);
  }

  private void read(BitReader bits, int position, int[] ids, float[] logProbabilities) {
    int value = position * (size + 1);
    int previous = -1;
    for (int k = 0; k < size; k++) {
      int id = bits.read(idBits);
      require(id < vocabularySize, position, "id " + id + " is outside of the vocabulary");
      require(id > previous, position, "id " + id + " follows " + previous + "; ids must ascend");
      ids[position * size + k] = id;
      logProbabilities[value + k] = 0 - FixedNats.decode((short) bits.read(NATS_BITS));
      previous = id;
    }
    logProbabilities[value + size] = 0 - FixedNats.decode((short) bits.read(NATS_BITS));
  }

  private void requireDistribution(float[] logProbabilities, int position) {
    int from = position * (size + 1);
    double sum = 0;
    for (int k = 0; k <= size; k++) {
      sum += Math.exp(logProbabilities[from + k]);
    }
    require(Math.abs(sum - 1) <= SUM_TOLERANCE, position, "probabilities sum to " + sum);
  }

  private static void require(boolean condition, int position, String problem) {
    if (!condition) {
      throw new SignalException("signal record: position " + position + ": " + problem);
    }
  }
}
