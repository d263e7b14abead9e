package dev.alambic.decoder;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a decoder: grouped-query attention over everything or a sliding window, rotary
 * positions, RMSNorm, a gated feed-forward block. What a {@link Family} fixes is not in it. In JSON
 * the fields of the parts stand beside the others.
 *
 * @param family what is fixed
 * @param hiddenSize width of the residual stream
 * @param layers number of layers
 * @param normEpsilon added to the mean square in RMSNorm
 */
@RecordBuilder
public record DecoderConfig(
    Family family,
    @JsonUnwrapped Vocabulary vocabulary,
    int hiddenSize,
    int layers,
    @JsonUnwrapped Attention attention,
    @JsonUnwrapped FeedForward feedForward,
    @JsonUnwrapped Positions positions,
    double normEpsilon)
    implements DecoderConfigBuilder.With {

  public DecoderConfig {
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("layers", layers);
    for (int layer : positions.slidingLayers()) {
      require(layer >= 0 && layer < layers, "slidingLayers", layer, "is not one of the layers");
    }
    if (!positions.slidingRotary().equals(positions.rotary())
        && !family.has(Family.Trait.LOCAL_ROTARY)) {
      throw new IllegalArgumentException(
          "slidingRotary: " + family + " has one rotary base for all layers");
    }
  }

  /**
   * The embedding and the output logits.
   *
   * @param size rows of the embedding
   * @param tied whether the output shares the embedding's weights
   * @param softCap s in {@code s tanh(x / s)} on the logits; 0 for none
   */
  public record Vocabulary(
      @JsonProperty("vocabularySize") int size,
      @JsonProperty("tiedHead") boolean tied,
      @JsonProperty("finalSoftCap") double softCap) {

    public Vocabulary {
      requirePositive("vocabularySize", size);
    }
  }

  /**
   * Attention of every layer.
   *
   * @param heads query heads
   * @param keyValueHeads key and value heads; divides {@code heads}
   * @param headSize width of one head; even
   * @param queryScale scores are divided by the square root of this
   * @param softCap s in {@code s tanh(x / s)} on scores; 0 for none
   * @param bias which projections have one
   */
  @RecordBuilder
  public record Attention(
      int heads,
      int keyValueHeads,
      int headSize,
      double queryScale,
      @JsonProperty("attentionSoftCap") double softCap,
      @JsonProperty("attentionBias") AttentionBias bias)
      implements DecoderConfigAttentionBuilder.With {

    public Attention {
      requirePositive("keyValueHeads", keyValueHeads);
      require(
          heads > 0 && heads % keyValueHeads == 0,
          "heads",
          heads,
          "must be a positive multiple of keyValueHeads (" + keyValueHeads + ")");
      require(headSize > 0 && headSize % 2 == 0, "headSize", headSize, "must be positive and even");
    }
  }

  /**
   * The gated feed-forward block of every layer.
   *
   * @param size width, per matrix
   * @param bias whether gate, up and down have one
   */
  public record FeedForward(
      @JsonProperty("feedForwardSize") int size, @JsonProperty("feedForwardBias") boolean bias) {

    public FeedForward {
      requirePositive("feedForwardSize", size);
    }
  }

  /**
   * Which tokens are seen, and how their positions are distinguished.
   *
   * @param contextLength longest sequence, in tokens
   * @param slidingWindow tokens a sliding layer sees, itself included; 0 if none slides
   * @param slidingLayers layers, counted from 0 and ascending, that see only the window
   * @param rotary of layers that see everything
   * @param slidingRotary of sliding layers; the same but in Gemma 3
   */
  @RecordBuilder
  public record Positions(
      int contextLength,
      int slidingWindow,
      List<Integer> slidingLayers,
      Rotary rotary,
      Rotary slidingRotary)
      implements DecoderConfigPositionsBuilder.With {

    public Positions {
      slidingLayers = List.copyOf(slidingLayers);
      requirePositive("contextLength", contextLength);
      require(
          slidingLayers.isEmpty() ? slidingWindow == 0 : slidingWindow > 0,
          "slidingWindow",
          slidingWindow,
          slidingLayers.isEmpty() ? "must be 0: no layer slides" : "must be positive");
    }
  }

  private static void requirePositive(String field, int value) {
    require(value > 0, field, value, "must be positive");
  }

  private static void require(boolean condition, String field, int value, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(field + ": " + value + " " + rule);
    }
  }

  /**
   * A decoder of the Gemma 2 family (arXiv 2408.00118): even layers slide, odd ones see everything,
   * nothing has a bias, and the head is tied.
   */
  public static DecoderConfig gemma2(
      int vocabularySize,
      int hiddenSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForwardSize,
      int slidingWindow,
      int contextLength,
      double ropeTheta,
      double normEpsilon,
      double attentionSoftCap,
      double finalSoftCap,
      double queryScale) {
    return new DecoderConfig(
        Family.Gemma2,
        new Vocabulary(vocabularySize, true, finalSoftCap),
        hiddenSize,
        layers,
        new Attention(
            heads, keyValueHeads, headSize, queryScale, attentionSoftCap, AttentionBias.None),
        new FeedForward(feedForwardSize, false),
        new Positions(
            contextLength,
            slidingWindow,
            IntStream.range(0, layers).filter(layer -> layer % 2 == 0).boxed().toList(),
            Rotary.plain(ropeTheta),
            Rotary.plain(ropeTheta)),
        normEpsilon);
  }

  /** Parameters of the embedding matrix. */
  public long embeddingParameters() {
    return (long) vocabulary.size() * hiddenSize;
  }

  /** Parameters of a head of its own; 0 if it shares the embedding's. */
  public long headParameters() {
    return vocabulary.tied() ? 0 : embeddingParameters();
  }

  /** Parameters of one layer's matrices: attention and feed-forward. */
  public long layerMatrixParameters() {
    long projections =
        2L * hiddenSize * attention.headSize() * (attention.heads() + attention.keyValueHeads());
    return projections + 3L * hiddenSize * feedForward.size();
  }

  /** Parameters of one layer: its matrices, norms and biases. */
  public long layerParameters() {
    return layerMatrixParameters() + layerNormParameters() + layerBiasParameters();
  }

  private long layerNormParameters() {
    long norms = family.has(Family.Trait.NORMS_AFTER_BLOCKS) ? 4 : 2;
    return norms * hiddenSize
        + (family.has(Family.Trait.QUERY_KEY_NORMS) ? 2L * attention.headSize() : 0);
  }

  private long layerBiasParameters() {
    long queryKeyValue =
        (attention.heads() + 2L * attention.keyValueHeads()) * attention.headSize();
    long projections =
        switch (attention.bias()) {
          case None -> 0;
          case QueryKeyValue -> queryKeyValue;
          case All -> queryKeyValue + hiddenSize;
        };
    return projections + (feedForward.bias() ? 2L * feedForward.size() + hiddenSize : 0);
  }

  /** All parameters; an embedding that input and output share counts once. */
  public long parameters() {
    return embeddingParameters() + layers * layerParameters() + hiddenSize + headParameters();
  }

  /** Whether a layer sees only the last {@link Positions#slidingWindow} tokens. */
  public boolean slides(int layer) {
    return positions.slidingLayers().contains(layer);
  }

  /** The positions of a layer. */
  public Rotary rotary(int layer) {
    return slides(layer) ? positions.slidingRotary() : positions.rotary();
  }

  /** The shape with only these layers, ascending; each stays what it is, sliding or global. */
  public DecoderConfig keeping(List<Integer> kept) {
    List<Integer> sliding =
        IntStream.range(0, kept.size()).filter(i -> slides(kept.get(i))).boxed().toList();
    int window = sliding.isEmpty() ? 0 : positions.slidingWindow();
    Positions seen = positions.with(with -> with.slidingWindow(window).slidingLayers(sliding));
    return with(shape -> shape.layers(kept.size()).positions(seen));
  }
}
