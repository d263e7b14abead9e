package dev.alambic.signal;

import dev.alambic.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The uniform numbers that draw tokens from a teacher's distribution: a pure function of (seed,
 * sequence, position), so that the same text gets the same draws whoever asks, on whichever replica
 * and in whichever order.
 *
 * <p>They are stratified and jittered: {@code u_j = (j + r_j) / N} with r_j uniform in [0, 1). Each
 * stratum is hit once, so the mean over strata of P(u_j falls in an interval) is the interval's
 * length: E[count_i] = N p_i, as with independent draws, and count_i / N is an unbiased estimate of
 * p_i. Its variance is never larger than with independent draws, because only the strata that an
 * interval's two ends cut are random (proportional stratification; Cochran, Sampling Techniques,
 * 5.6). The numbers ascend, so the inverse distribution function maps them to ascending ids.
 *
 * <p>r_j comes from SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) with the stream's start mixed
 * from seed, sequence and position.
 */
public final class Draws {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;
  private static final double BELOW_ONE = Math.nextDown(1.0);

  private Draws() {}

  /** The N uniforms of one position, in [0, 1) and ascending. */
  public static double[] uniforms(long seed, long sequenceKey, int position, int draws) {
    double[] uniforms = new double[draws];
    fill(uniforms, 0, seed, sequenceKey, position, draws);
    return uniforms;
  }

  /** Writes the uniforms of one position to {@code out[offset]} and following. */
  public static void fill(
      double[] out, int offset, long seed, long sequenceKey, int position, int draws) {
    long state = mix(mix(mix(seed + GOLDEN_GAMMA) ^ sequenceKey) + position * GOLDEN_GAMMA);
    for (int j = 0; j < draws; j++) {
      state += GOLDEN_GAMMA;
      double jitter = (mix(state) >>> 11) * UNIT;
      out[offset + j] = Math.min((j + jitter) / draws, BELOW_ONE);
    }
  }

  /** A stable hash of a sequence's tokens: the first eight bytes of SHA-256 of their int32s. */
  public static long sequenceKey(int[] tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(tokens);
    byte[] digest = Sha256.start().digest(bytes.array());
    return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
