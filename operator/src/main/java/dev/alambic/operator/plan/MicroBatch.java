package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.decoder.DecoderConfig;

/**
 * How a trainer's share of a batch is cut into forward passes, and whether activations are
 * recomputed: the largest micro-batch that fits the device's memory. Recomputation costs a third
 * more arithmetic, so that it is taken only where the passes would otherwise be too small to keep a
 * GPU busy, or nothing fits; and with sharding Full, whose layers are gathered again for the
 * backward pass.
 *
 * @param sequences in one forward pass; the share's last pass may have fewer
 * @param recompute whether each layer's forward pass is repeated before its backward pass
 * @param memory what it takes
 * @param fits whether that is within the device's memory, as far as it is known
 */
public record MicroBatch(int sequences, boolean recompute, MemoryEstimate memory, boolean fits) {
  /** Share of the memory that is planned for; the rest is for context and fragmentation. */
  static final double USABLE = 0.9;

  /** A GPU of which nothing is known counts as one with 80 GB. */
  static final long UNKNOWN_GPU_BYTES = 80_000_000_000L;

  /** More tokens than this in one pass make a GPU no faster. */
  private static final long MOST_GPU_TOKENS = 32_768;

  /** Fewer tokens than this in one pass leave a GPU idle. */
  private static final long BUSY_GPU_TOKENS = 4096;

  /** A CPU is busy, and its caches full, with this many. */
  private static final long MOST_CPU_TOKENS = 2048;

  public static MicroBatch of(
      DecoderConfig shape, Precision precision, Trainers trainers, Batch batch, Device device) {
    return new Search(shape, precision, trainers, batch.share(trainers.count()), device).best();
  }

  /** The search for it, over one trainer's share of the batch. */
  private record Search(
      DecoderConfig shape, Precision precision, Trainers trainers, Batch share, Device device) {

    MicroBatch best() {
      MicroBatch recomputed = largest(true);
      if (trainers.sharding() == Sharding.Full) {
        return recomputed;
      }
      MicroBatch kept = largest(false);
      long enough = device.gpu() ? Math.min(BUSY_GPU_TOKENS, share.tokens()) : 1;
      if (kept.fits() && (long) kept.sequences() * share.sequenceLength() >= enough) {
        return kept;
      }
      boolean better = !kept.fits() || recomputed.sequences() > kept.sequences();
      return better ? recomputed : kept;
    }

    private MicroBatch largest(boolean recompute) {
      int passes = ceilDiv(share.sequences(), most(share, device));
      while (true) {
        int sequences = ceilDiv(share.sequences(), passes);
        MemoryEstimate memory =
            MemoryEstimate.of(
                shape, precision, trainers, sequences, share.sequenceLength(), recompute);
        boolean fits = memory.on(device) <= usable(device);
        if (fits || sequences == 1) {
          return new MicroBatch(sequences, recompute, memory, fits);
        }
        passes = ceilDiv(share.sequences(), sequences - 1);
      }
    }
  }

  private static int ceilDiv(int whole, int part) {
    return (whole - 1) / part + 1;
  }

  private static int most(Batch batch, Device device) {
    long tokens = device.gpu() ? MOST_GPU_TOKENS : MOST_CPU_TOKENS;
    return (int) Math.max(1, Math.min(batch.sequences(), tokens / batch.sequenceLength()));
  }

  private static double usable(Device device) {
    if (device.memoryBytes() != null) {
      return USABLE * device.memoryBytes();
    }
    return device.gpu() ? USABLE * UNKNOWN_GPU_BYTES : Double.MAX_VALUE;
  }
}
