package dev.alambic.operator.plan;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family.Trait;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Peak memory of one trainer, in bytes, by what it is spent on. With N parameters, vocabulary V,
 * width d, L layers, feed-forward width f, query width a, key-value width c, and e bytes per number
 * in the forward pass (2 for BF16, 4 for FP32):
 *
 * <pre>
 * weights     4 N                       fp32 master weights
 * copies      2 N (BF16 only)           casts that the kept graph holds; with recomputation one
 *                                       layer's instead of all
 * gradients   4 N                       fp32, accumulated over micro-batches
 * optimizer   8 N                       AdamW's two moments, fp32
 * activations tokens x (L x layer + 4 e d)   or, recomputed, tokens x (L e d + layer + 4 e d)
 *   layer     8 x normed widths         RMSNorms, computed in fp32: input and normalised; two or
 *                                       four of d, and in some families those of queries and keys
 *             + e (2 d + 2 a + 2 c + 4 f)    inputs of the matrix products
 *             + 8 heads x keys          scores: soft-capped, fp32 softmax, and its cast
 *   keys      keys that a token's block of 512 queries sees, averaged; fewer in sliding layers
 * average     4 N                       of the weights, fp32, in the host's memory
 * snapshot    16 N                      copy of weights, moments and average while a checkpoint is
 *                                       written, in the host's memory
 * signals     the teacher's for two batches and the held-out text, in the host's memory
 * logits      2^22 x 16                 fp32 logits of one chunk: capped, softmax, gradients; on a
 *                                       GPU the chunk has 2^26
 *             + (e + 4) V d             cast of the embedding and its gradient before it is added
 * </pre>
 *
 * Of P trainers that share the student each holds, with E parameters in embedding, head and final
 * norm, and G in one layer:
 *
 * <pre>
 *             None   Optimizer       Full
 * weights     4 N    4 N             4 N/P + 8 G + 4 E   its part, the ends whole, and two layers: one in
 *                                                        use, one that comes or goes
 * gradients   4 N    4 N             4 N/P + 8 G + 4 E   likewise
 * optimizer   8 N    8 N/P           8 N/P
 * average     4 N    4 N/P           4 N/P
 * snapshot    16 N   4 N + 12 N/P    4 N + 12 N/P        of the first trainer, which writes the weights
 * </pre>
 *
 * Each has its own micro-batches' activations, copies and logits; Full always recomputes. A batch
 * is added up in as many shares as there are trainers, so that no gradients wait for others. The
 * CUDA context, buffers of the network and fragmentation are not in it.
 */
public record MemoryEstimate(@JsonUnwrapped DeviceMemory device, @JsonUnwrapped HostMemory host) {

  /** What lies on the device that computes. */
  public record DeviceMemory(
      long weights, long copies, long gradients, long optimizer, long activations, long logits) {

    /** All of it. */
    public long total() {
      return weights + copies + gradients + optimizer + activations + logits;
    }
  }

  /** What lies in the host's memory. */
  public record HostMemory(long average, long snapshot, long signals) {

    /** All of it. */
    public long total() {
      return average + snapshot + signals;
    }
  }

  private static final long FP32 = 4;
  private static final long QUERY_BLOCK = 512;
  private static final long LOGIT_CHUNK_ELEMENTS = 1 << 22;
  private static final long LOGIT_COPIES = 4;
  private static final long LARGER_CHUNK_OF_GPUS =
      LOGIT_COPIES * FP32 * ((1 << 26) - LOGIT_CHUNK_ELEMENTS);
  private static final long NORM_BYTES = 2 * FP32;
  private static final long SCORE_BYTES = 8;

  /**
   * The estimate for a micro-batch of this many sequences, without signals.
   *
   * @param trainers that share the student, of which this is one
   */
  public static MemoryEstimate of(
      DecoderConfig shape,
      Precision precision,
      Trainers trainers,
      int sequences,
      int sequenceLength,
      boolean recompute) {
    long parameters = shape.parameters();
    long bytes = precision == Precision.BF16 ? 2 : FP32;
    long cast = recompute ? shape.layerParameters() : parameters;
    boolean full = trainers.sharding() == Sharding.Full;
    long part = trainers.sharding() == Sharding.None ? parameters : trainers.part(parameters);
    return new MemoryEstimate(
        new DeviceMemory(
            FP32 * (full ? sharded(shape, part) : parameters),
            precision == Precision.BF16 ? bytes * cast : 0,
            FP32 * (full ? sharded(shape, part) : parameters),
            2 * FP32 * part,
            activations(shape, bytes, sequences, sequenceLength, recompute),
            LOGIT_COPIES * FP32 * LOGIT_CHUNK_ELEMENTS
                + (bytes + FP32) * shape.embeddingParameters()),
        new HostMemory(FP32 * part, FP32 * (parameters + 3 * part), 0));
  }

  /** The same with {@code bytes} of signals. */
  MemoryEstimate withSignals(long bytes) {
    return new MemoryEstimate(device, new HostMemory(host.average(), host.snapshot(), bytes));
  }

  /** Numbers that one trainer holds of weights, or gradients, that are shared. */
  private static long sharded(DecoderConfig shape, long part) {
    return part + 2 * shape.layerParameters() + ends(shape);
  }

  /** Parameters of what stands before and behind the layers. */
  private static long ends(DecoderConfig shape) {
    return shape.parameters() - shape.layers() * shape.layerParameters();
  }

  private static long activations(
      DecoderConfig shape, long bytes, int sequences, int sequenceLength, boolean recompute) {
    long tokens = (long) sequences * sequenceLength;
    long ends = tokens * 4 * bytes * shape.hiddenSize();
    if (recompute) {
      long inputs = tokens * shape.layers() * bytes * shape.hiddenSize();
      long largest = layers(shape, bytes, sequenceLength).max().orElseThrow();
      return ends + inputs + tokens * largest;
    }
    return ends + tokens * layers(shape, bytes, sequenceLength).sum();
  }

  private static LongStream layers(DecoderConfig shape, long bytes, int sequenceLength) {
    return IntStream.range(0, shape.layers())
        .mapToLong(layer -> layer(shape, bytes, sequenceLength, layer));
  }

  /** Bytes that one layer's graph keeps per token; fewer where it slides. */
  private static long layer(DecoderConfig shape, long bytes, int sequenceLength, int index) {
    long queryWidth = (long) shape.attention().heads() * shape.attention().headSize();
    long keyValueWidth = (long) shape.attention().keyValueHeads() * shape.attention().headSize();
    long products =
        2L * shape.hiddenSize()
            + 2 * queryWidth
            + 2 * keyValueWidth
            + 4L * shape.feedForward().size();
    int window = shape.slides(index) ? shape.positions().slidingWindow() : sequenceLength;
    long scores = SCORE_BYTES * shape.attention().heads() * keys(sequenceLength, window);
    return NORM_BYTES * normedWidths(shape) + bytes * products + scores;
  }

  private static long normedWidths(DecoderConfig shape) {
    long norms = shape.family().has(Trait.NORMS_AFTER_BLOCKS) ? 4 : 2;
    long heads = shape.attention().heads() + (long) shape.attention().keyValueHeads();
    return norms * shape.hiddenSize()
        + (shape.family().has(Trait.QUERY_KEY_NORMS) ? heads * shape.attention().headSize() : 0);
  }

  /** Keys per query that the blockwise attention computes, averaged over the sequence. */
  public static long keys(int sequenceLength, int window) {
    long scores = 0;
    for (long start = 0; start < sequenceLength; start += QUERY_BLOCK) {
      long end = Math.min(start + QUERY_BLOCK, sequenceLength);
      scores += (end - start) * (end - Math.max(0, start - window + 1));
    }
    return scores / sequenceLength;
  }

  /** What a trainer's device must hold, in bytes: on a CPU all of it, as there it is the host. */
  public long on(Device trainer) {
    return trainer.gpu() ? device.total() + LARGER_CHUNK_OF_GPUS : total();
  }

  /** All of it, in bytes. */
  public long total() {
    return device.total() + host.total();
  }
}
