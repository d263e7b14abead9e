package dev.alambic.cli.scaling;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.MemoryEstimate;
import java.util.stream.IntStream;

/**
 * What a step of Alambic's trainer has to do, part by part. With width d, vocabulary V, and per
 * token:
 *
 * <pre>
 * layer    2 operations a matrix element, and 4 x query width x keys in attention, forward; twice
 *          that backward
 *          attention's scores [heads, keys] lie in memory in FP32, because no fused kernel knows the
 *          soft-cap: 40 bytes each forward and 52 backward, 32 and 32 without a soft-cap (counted
 *          read by read and write by write in decoder.py)
 * head     4 V d operations in BF16, the logits and the hidden state's gradient; 2 V d in FP32, the
 *          head's own gradient; 70 V bytes (objective.py, method fused)
 * </pre>
 *
 * and once in each pass
 *
 * <pre>
 * layer    6 bytes a parameter forward (FP32 weights are cast) and 22 backward (the gradient is cast
 *          back and added)
 * head     14 V d bytes for each chunk of 2^26 logits
 * embedding 16 V d bytes backward
 * </pre>
 *
 * @param layers of which all are taken for equal: sliding and global ones are averaged
 * @param forward of one layer
 * @param backward of one layer
 * @param head forward and backward
 * @param embedding backward
 * @param update of one parameter, by the optimizer
 * @param modelFlops per token, that the model needs: recomputation is not counted
 */
record StepWork(
    int layers,
    Counts counts,
    Cost forward,
    Cost backward,
    Cost head,
    Cost embedding,
    Work update,
    double modelFlops) {

  /**
   * How many parameters there are.
   *
   * @param layer of one layer
   * @param embedding whose gradient is complete last, if it is the head's too
   * @param head of a head of its own, whose gradient is complete first; 0 if it is tied
   */
  record Counts(long layer, long embedding, long head) {}

  private static final double CHUNK_LOGITS = 1 << 26;
  private static final double LOGIT_BYTES = 70;
  private static final double CHUNK_BYTES = 14;
  private static final double CAST_BYTES = 6;
  private static final double GRADIENT_BYTES = 22;
  private static final double EMBEDDING_BYTES = 16;

  /** Of optimizer.py, whose lines each read and write whole tensors; a fused kernel has 28. */
  private static final double UPDATE_BYTES = 96;

  /** Bytes through memory for each attention score. */
  private record ScoreBytes(double forward, double backward) {
    static ScoreBytes of(DecoderConfig shape) {
      return shape.attention().softCap() > 0 ? new ScoreBytes(40, 52) : new ScoreBytes(32, 32);
    }
  }

  static StepWork of(DecoderConfig shape, Precision precision, int sequenceLength) {
    double keys = averageKeys(shape, sequenceLength);
    double products =
        2.0 * shape.layerMatrixParameters()
            + 4.0 * shape.attention().heads() * shape.attention().headSize() * keys;
    double scores = shape.attention().heads() * keys;
    ScoreBytes bytes = ScoreBytes.of(shape);
    double matrix = (double) shape.vocabulary().size() * shape.hiddenSize();
    double chunks = shape.vocabulary().size() / CHUNK_LOGITS;
    Work head =
        products(precision, 4 * matrix)
            .plus(Work.ofFp32(2 * matrix))
            .plus(
                Work.ofBytes(
                    LOGIT_BYTES * shape.vocabulary().size() + CHUNK_BYTES * matrix * chunks));
    return new StepWork(
        shape.layers(),
        new Counts(shape.layerParameters(), shape.embeddingParameters(), shape.headParameters()),
        new Cost(
            products(precision, products).plus(Work.ofBytes(bytes.forward() * scores)),
            Work.ofBytes(CAST_BYTES * shape.layerParameters())),
        new Cost(
            products(precision, 2 * products).plus(Work.ofBytes(bytes.backward() * scores)),
            Work.ofBytes(GRADIENT_BYTES * shape.layerParameters())),
        new Cost(head, Work.NONE),
        new Cost(Work.NONE, Work.ofBytes(EMBEDDING_BYTES * shape.embeddingParameters())),
        Work.ofBytes(UPDATE_BYTES),
        3 * (shape.layers() * products + 2 * matrix));
  }

  private static Work products(Precision precision, double operations) {
    return precision == Precision.BF16 ? Work.ofBf16(operations) : Work.ofFp32(operations);
  }

  private static double averageKeys(DecoderConfig shape, int sequenceLength) {
    return IntStream.range(0, shape.layers())
        .map(layer -> shape.slides(layer) ? shape.positions().slidingWindow() : sequenceLength)
        .mapToLong(window -> MemoryEstimate.keys(sequenceLength, window))
        .average()
        .orElseThrow();
  }

  /** All parameters. */
  double parameters() {
    return (double) layers * counts.layer() + counts.embedding() + counts.head();
  }

  /** Of one token in a long pass, with or without recomputation. */
  Work perToken(boolean recompute) {
    Work layer = forward.perToken().times(recompute ? 2 : 1).plus(backward.perToken());
    return layer.times(layers).plus(head.perToken());
  }
}
