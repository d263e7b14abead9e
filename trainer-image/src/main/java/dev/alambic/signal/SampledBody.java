package dev.alambic.signal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The draws of a record: per position, pairs of an id and its count until the counts sum to N. How
 * many pairs a position has needs no byte of its own.
 */
final class SampledBody {
  private final int vocabularySize;
  private final int draws;
  private final int idBits;
  private final int countBits;

  SampledBody(int vocabularySize, int draws) {
    this.vocabularySize = vocabularySize;
    this.draws = draws;
    this.idBits = BitWriter.bitsFor(vocabularySize);
    this.countBits = BitWriter.bitsFor(draws + 1L);
  }

  long mostBitsPerPosition() {
    return (long) Math.min(draws, vocabularySize) * (idBits + countBits);
  }

  byte[] encode(SampledSignal signal) {
    BitWriter out = new BitWriter();
    for (int i = 0; i < signal.ids().length; i++) {
      out.write(signal.ids()[i], idBits);
      out.write(signal.counts()[i], countBits);
    }
    return out.finish();
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
        require(bits.remainingBits() >= idBits + countBits, position, "the record ends early");
        int id = bits.read(idBits);
        int count = bits.read(countBits);
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

  private void check(int position, int previous, int id, int count, int left) {
    require(id < vocabularySize, position, "id " + id + " is outside of the vocabulary");
    require(id > previous, position, "id " + id + " follows " + previous + "; ids must ascend");
    require(count > 0, position, "id " + id + " has no draws");
    require(count <= left, position, "counts sum to more than " + draws + " draws");
  }

  /** The most pairs that the bytes there could hold: what is allocated is bounded by them. */
  private int capacity(BitReader bits, int positions) {
    long held = bits.remainingBits() / (idBits + countBits);
    long possible = (long) positions * Math.min(draws, vocabularySize);
    return (int) Math.min(held, possible);
  }

  private static void require(boolean condition, int position, String problem) {
    if (!condition) {
      throw new SignalException("signal record: position " + position + ": " + problem);
    }
  }
}
