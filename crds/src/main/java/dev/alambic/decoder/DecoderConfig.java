package dev.alambic.decoder;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a decoder: grouped-query attention over everything or a sliding window, rotary
 * positions, RMSNorm, a gated feed-forward block. What a {@link Family} fixes is not in it.
 *
 * @param family what is fixed
 * @param vocabularySize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param layers number of layers
 * @param heads query heads per layer
 * @param keyValueHeads key and value heads per layer; divides {@code heads}
 * @param headSize width of one head; even
 * @param feedForwardSize width of the gated feed-forward block, per matrix
 * @param contextLength longest sequence, in tokens
 * @param slidingWindow tokens a sliding layer sees, itself included; 0 if none slides
 * @param slidingLayers layers, counted from 0 and ascending, that see only the window
 * @param rotary positions
 * @param slidingRotary those of sliding layers; the same but in Gemma 3
 * @param normEpsilon added to the mean square in RMSNorm
 * @param attentionSoftCap s in {@code s tanh(x / s)} on attention scores; 0 for none
 * @param finalSoftCap the same on the output logits; 0 for none
 * @param queryScale scores are divided by the square root of this
 * @param attentionBias which projections of attention have one
 * @param feedForwardBias whether gate, up and down have one
 * @param tiedHead whether the output shares the embedding's weights
 */
public record DecoderConfig(
    Family family,
    int vocabularySize,
    int hiddenSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int feedForwardSize,
    int contextLength,
    int slidingWindow,
    List<Integer> slidingLayers,
    Rotary rotary,
    Rotary slidingRotary,
    double normEpsilon,
    double attentionSoftCap,
    double finalSoftCap,
    double queryScale,
    AttentionBias attentionBias,
    boolean feedForwardBias,
    boolean tiedHead) {

  public DecoderConfig {
    slidingLayers = List.copyOf(slidingLayers);
    require(vocabularySize > 0, "vocabularySize", vocabularySize, "must be positive");
    require(hiddenSize > 0, "hiddenSize", hiddenSize, "must be positive");
    require(layers > 0, "layers", layers, "must be positive");
    require(keyValueHeads > 0, "keyValueHeads", keyValueHeads, "must be positive");
    require(
        heads > 0 && heads % keyValueHeads == 0,
        "heads",
        heads,
        "must be a positive multiple of keyValueHeads (" + keyValueHeads + ")");
    require(headSize > 0 && headSize % 2 == 0, "headSize", headSize, "must be positive and even");
    require(feedForwardSize > 0, "feedForwardSize", feedForwardSize, "must be positive");
    require(contextLength > 0, "contextLength", contextLength, "must be positive");
    require(
        slidingLayers.isEmpty() ? slidingWindow == 0 : slidingWindow > 0,
        "slidingWindow",
        slidingWindow,
        slidingLayers.isEmpty() ? "must be 0: no layer slides" : "must be positive");
    for (int layer : slidingLayers) {
      require(layer >= 0 && layer < layers, "slidingLayers", layer, "is not one of the layers");
    }
    if (!slidingRotary.equals(rotary) && !family.has(Family.Trait.LOCAL_ROTARY)) {
      throw new IllegalArgumentException(
          "slidingRotary: " + family + " has one rotary base for all layers");
    }
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
        vocabularySize,
        hiddenSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        feedForwardSize,
        contextLength,
        slidingWindow,
        IntStream.range(0, layers).filter(layer -> layer % 2 == 0).boxed().toList(),
        Rotary.plain(ropeTheta),
        Rotary.plain(ropeTheta),
        normEpsilon,
        attentionSoftCap,
        finalSoftCap,
        queryScale,
        AttentionBias.None,
        false,
        true);
  }

  /** Parameters of the embedding matrix. */
  public long embeddingParameters() {
    return (long) vocabularySize * hiddenSize;
  }

  /** Parameters of a head of its own; 0 if it shares the embedding's. */
  public long headParameters() {
    return tiedHead ? 0 : embeddingParameters();
  }

  /** Parameters of one layer's matrices: attention and feed-forward. */
  public long layerMatrixParameters() {
    long attention = (long) hiddenSize * headSize * (2L * heads + 2L * keyValueHeads);
    return attention + 3L * hiddenSize * feedForwardSize;
  }

  /** Parameters of one layer: its matrices, norms and biases. */
  public long layerParameters() {
    return layerMatrixParameters() + layerNormParameters() + layerBiasParameters();
  }

  private long layerNormParameters() {
    long norms = family.has(Family.Trait.NORMS_AFTER_BLOCKS) ? 4 : 2;
    return norms * hiddenSize + (family.has(Family.Trait.QUERY_KEY_NORMS) ? 2L * headSize : 0);
  }

  private long layerBiasParameters() {
    long queryKeyValue = (heads + 2L * keyValueHeads) * headSize;
    long attention =
        switch (attentionBias) {
          case None -> 0;
          case QueryKeyValue -> queryKeyValue;
          case All -> queryKeyValue + hiddenSize;
        };
    return attention + (feedForwardBias ? 2L * feedForwardSize + hiddenSize : 0);
  }

  /** All parameters; an embedding that input and output share counts once. */
  public long parameters() {
    return embeddingParameters() + layers * layerParameters() + hiddenSize + headParameters();
  }

  /** Whether a layer sees only the last {@link #slidingWindow} tokens. */
  public boolean slides(int layer) {
    return slidingLayers.contains(layer);
  }

  /** The positions of a layer. */
  public Rotary rotary(int layer) {
    return slides(layer) ? slidingRotary : rotary;
  }

  /** The shape with only these layers, ascending; each stays what it is, sliding or global. */
  public DecoderConfig keeping(List<Integer> kept) {
    List<Integer> sliding =
        IntStream.range(0, kept.size()).filter(i -> slides(kept.get(i))).boxed().toList();
    return new DecoderConfig(
        family,
        vocabularySize,
        hiddenSize,
        kept.size(),
        heads,
        keyValueHeads,
        headSize,
        feedForwardSize,
        contextLength,
        sliding.isEmpty() ? 0 : slidingWindow,
        sliding,
        rotary,
        slidingRotary,
        normEpsilon,
        attentionSoftCap,
        finalSoftCap,
        queryScale,
        attentionBias,
        feedForwardBias,
        tiedHead);
  }
}
