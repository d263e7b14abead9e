package dev.alambic.decoder;

/**
 * The shape of a Gemma 2 decoder (arXiv 2408.00118): alternating sliding-window and global
 * attention with grouped key-value heads, soft-capped logits, RMSNorm before and after each block,
 * GeGLU, one embedding matrix shared by input and output.
 *
 * @param vocabularySize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param layers number of layers; even ones slide, odd ones see everything, as in Gemma 2
 * @param heads query heads per layer
 * @param keyValueHeads key and value heads per layer; divides {@code heads}
 * @param headSize width of one head; even
 * @param feedForwardSize width of the gated feed-forward block, per matrix
 * @param slidingWindow tokens a sliding layer sees, itself included
 * @param contextLength longest sequence, in tokens
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the mean square in RMSNorm
 * @param attentionSoftCap s in {@code s tanh(x / s)} on attention scores; 0 for none
 * @param finalSoftCap the same on the output logits; 0 for none
 * @param queryScale scores are divided by the square root of this ({@code query_pre_attn_scalar})
 */
public record DecoderConfig(
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

  public DecoderConfig {
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
    require(slidingWindow > 0, "slidingWindow", slidingWindow, "must be positive");
    require(contextLength > 0, "contextLength", contextLength, "must be positive");
  }

  private static void require(boolean condition, String field, int value, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(field + ": " + value + " " + rule);
    }
  }

  /** Parameters of the embedding matrix. */
  public long embeddingParameters() {
    return (long) vocabularySize * hiddenSize;
  }

  /** Parameters of one layer: attention, feed-forward and its four norms. */
  public long layerParameters() {
    long attention = (long) hiddenSize * headSize * (2L * heads + 2L * keyValueHeads);
    long feedForward = 3L * hiddenSize * feedForwardSize;
    return attention + feedForward + 4L * hiddenSize;
  }

  /** All parameters; the embedding counts once, because input and output share it. */
  public long parameters() {
    return embeddingParameters() + layers * layerParameters() + hiddenSize;
  }

  /** Whether a layer sees only the last {@link #slidingWindow} tokens. */
  public boolean slides(int layer) {
    return layer % 2 == 0;
  }

  /** The shape with only these layers, ascending; each stays what it is. */
  public DecoderConfig keeping(java.util.List<Integer> kept) {
    return new DecoderConfig(
        vocabularySize,
        hiddenSize,
        kept.size(),
        heads,
        keyValueHeads,
        headSize,
        feedForwardSize,
        slidingWindow,
        contextLength,
        ropeTheta,
        normEpsilon,
        attentionSoftCap,
        finalSoftCap,
        queryScale);
  }
}
