package dev.alambic.model.reference;

/**
 * What the teacher says of one position, as a distribution over the vocabulary, and what the text
 * says.
 *
 * @param probabilities the teacher's at the objective's temperature; sum to one
 * @param label the text's own next token, or {@link #IGNORED}
 */
public record ReferenceTarget(double[] probabilities, int label) {

  /** A position that doesn't count: padding, the end of the text. */
  public static final int IGNORED = -1;

  public boolean valid() {
    return label != IGNORED;
  }

  /** A dense signal: the teacher's logits (after its own soft-cap), softened by temperature. */
  public static ReferenceTarget ofLogits(double[] teacherLogits, double temperature, int label) {
    double[] softened = Vectors.scale(1 / temperature, teacherLogits);
    return new ReferenceTarget(Vectors.exp(Vectors.logSoftmax(softened)), label);
  }

  /**
   * A sampled signal: how often each id was drawn, {@code c_i / N}, which in expectation is the
   * teacher's distribution at the temperature of the draws (arXiv 2503.16870).
   */
  public static ReferenceTarget ofCounts(int[] ids, int[] counts, int vocabulary, int label) {
    double draws = 0;
    for (int count : counts) {
      draws += count;
    }
    double[] probabilities = new double[vocabulary];
    for (int i = 0; i < ids.length; i++) {
      probabilities[ids[i]] += counts[i] / draws;
    }
    return new ReferenceTarget(probabilities, label);
  }
}
