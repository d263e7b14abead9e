package dev.alambic.signal;

import java.util.Arrays;

/**
 * Draws from the distribution.
 *
 * @param draws per position
 * @param labelLogProbability {@code [T]}, at temperature 1: their mean is the teacher's own loss
 * @param ids the distinct ids drawn, ascending within a position
 * @param counts how often each was drawn; they sum to {@code draws} within a position
 * @param offsets {@code [T + 1]}: position i has entries {@code offsets[i]} to {@code offsets[i +
 *     1]}
 */
public record SampledSignal(
    int draws, float[] labelLogProbability, float[] entropy, int[] ids, int[] counts, int[] offsets)
    implements Signal {

  /**
   * Counts draws.
   *
   * @param drawn {@code [T * draws]}, ascending within a position
   */
  public static SampledSignal ofSortedDraws(
      int draws, float[] labelLogProbability, float[] entropy, int[] drawn) {
    int positions = entropy.length;
    int[] ids = new int[drawn.length];
    int[] counts = new int[drawn.length];
    int[] offsets = new int[positions + 1];
    int end = 0;
    for (int position = 0; position < positions; position++) {
      int start = end;
      for (int i = position * draws; i < (position + 1) * draws; i++) {
        if (end == start || ids[end - 1] != drawn[i]) {
          ids[end++] = drawn[i];
        }
        counts[end - 1]++;
      }
      offsets[position + 1] = end;
    }
    return new SampledSignal(
        draws,
        labelLogProbability,
        entropy,
        Arrays.copyOf(ids, end),
        Arrays.copyOf(counts, end),
        offsets);
  }
}
