package dev.alambic.signal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The draws of a record: per position, pairs of an id and its count until the counts sum to N. How
 * many pairs a position has needs no byte of its own. Counts are Elias gamma codes (Elias, IEEE
 * Transactions on Information Theory 21, 1975), because most ids are drawn once: one bit.
 */
final class SampledBody {
  private final int vocabularySize;
  private final int draws;
  private final int idBits;
  private final int longestCount;

  SampledBody(int vocabularySize, int draws) {
    this.vocabularySize = vocabularySize;
    this.draws = draws;
    this.idBits = BitWriter.bitsFor(vocabularySize);
    this.longestCount = BitWriter.bitsFor(draws + 1L) - 1;
  }

  byte[] encode(SampledSignal signal) {
    BitWriter out = new BitWriter();
    for (int i = 0; i < signal.ids().length; i++) {
      out.write(signal.ids()[i], idBits);
      writeCount(out, signal.counts()[i]);
    }
    return out.finish();
  }

  /** As many zeros as the count has bits below its highest, a one, then those bits. */
  private static void writeCount(BitWriter out, int count) {
    int highest = Integer.highestOneBit(count);
    int below = Integer.numberOfTrailingZeros(highest);
    out.write(highest | (count - highest) << (below + 1), 2 * below + 1);
  }

  /**
   * Reads the draws of {@code entropy.length} positions.
   *
   * @throws SignalException naming the position where the draws go wrong
   */
  SampledSignal decode(ByteBuffer in, float[] labelLogProbability, float[] entropy) {
    BitReader bits = new BitReader(in);
    int positions = entropy.length;
    int capacity = capacity(bits, positions);
    int[] ids = new int[capacity];
    int[] counts = new int[capacity];
    int[] offsets = new int[positions + 1];
    int end = 0;
    for (int position = 0; position < positions; position++) {
      int previous = -1;
      for (int left = draws; left > 0; end++) {
        requireBits(bits, idBits, position);
        int id = bits.read(idBits);
        int count = readCount(bits, position);
        check(position, previous, id, count, left);
        ids[end] = id;
        counts[end] = count;
        previous = id;
        left -= count;
      }
      offsets[position + 1] = end;
    }
    if (!bits.atEnd()) {
      throw new SignalException("signal record: bits follow the last position");
    }
    return new SampledSignal(
        draws,
        labelLogProbability,
        entropy,
        Arrays.copyOf(ids, end),
        Arrays.copyOf(counts, end),
        offsets);
  }

  private int readCount(BitReader bits, int position) {
    int below = 0;
    requireBits(bits, 1, position);
    while (bits.read(1) == 0) {
      below++;
      require(below <= longestCount, position, "counts sum to more than " + draws + " draws");
      requireBits(bits, 1, position);
    }
    requireBits(bits, below, position);
    return 1 << below | bits.read(below);
  }

  private void check(int position, int previous, int id, int count, int left) {
    require(id < vocabularySize, position, "id " + id + " is outside of the vocabulary");
    require(id > previous, position, "id " + id + " follows " + previous + "; ids must ascend");
    require(count <= left, position, "counts sum to more than " + draws + " draws");
  }

  /** The most pairs that the bytes there could hold: what is allocated is bounded by them. */
  private int capacity(BitReader bits, int positions) {
    long held = bits.remainingBits() / (idBits + 1);
    long possible = (long) positions * Math.min(draws, vocabularySize);
    return (int) Math.min(held, possible);
  }

  private static void requireBits(BitReader bits, int needed, int position) {
    require(bits.remainingBits() >= needed, position, "the record ends early");
  }

  private static void require(boolean condition, int position, String problem) {
    if (!condition) {
      throw new SignalException("signal record: position " + position + ": " + problem);
    }
  }
}
