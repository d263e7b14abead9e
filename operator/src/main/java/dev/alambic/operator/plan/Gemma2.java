package dev.alambic.operator.plan;

import dev.alambic.decoder.DecoderConfig;
import java.util.List;
import java.util.Optional;

/**
 * The three published shapes of Gemma 2 (arXiv 2408.00118, table 1) and what all of them share. The
 * report prints the feed-forward width of both gated matrices together; here it is that of one.
 */
public final class Gemma2 {
  static final int VOCABULARY_SIZE = 256_000;
  static final int CONTEXT_LENGTH = 8192;
  static final int SLIDING_WINDOW = 4096;
  public static final List<Published> SHAPES =
      List.of(
          new Published(2_600_000_000L, 2304, 26, 8, 4, 256, 9216, 256),
          new Published(9_000_000_000L, 3584, 42, 16, 8, 256, 14336, 256),
          new Published(27_000_000_000L, 4608, 46, 32, 16, 128, 36864, 144));

  private static final double ROPE_THETA = 10_000;
  private static final double NORM_EPSILON = 1e-6;
  private static final double ATTENTION_SOFT_CAP = 50;
  private static final double FINAL_SOFT_CAP = 30;

  private Gemma2() {}

  /** The published shape that goes by this size. */
  static Optional<Published> named(long size) {
    return SHAPES.stream().filter(shape -> shape.size() == size).findFirst();
  }

  /**
   * One row of the table.
   *
   * @param size the name: parameters, rounded
   * @param queryScale head size, but hidden size over heads in the 27B model
   */
  public record Published(
      long size,
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      int queryScale) {

    /** Parameters besides the embedding. */
    long bodyParameters() {
      DecoderConfig config = with(1);
      return config.parameters() - config.embeddingParameters();
    }

    public DecoderConfig with(int vocabularySize) {
      return decoder(
          vocabularySize,
          hiddenSize,
          layers,
          heads,
          keyValueHeads,
          headSize,
          feedForwardSize,
          SLIDING_WINDOW,
          CONTEXT_LENGTH,
          queryScale);
    }
  }

  /** A decoder with Gemma 2's constants. */
  public static DecoderConfig decoder(
      int vocabularySize,
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      int slidingWindow,
      int contextLength,
      int queryScale) {
    return DecoderConfig.gemma2(
        vocabularySize,
        hiddenSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        feedForwardSize,
        slidingWindow,
        contextLength,
        ROPE_THETA,
        NORM_EPSILON,
        ATTENTION_SOFT_CAP,
        FINAL_SOFT_CAP,
        queryScale);
  }
}
