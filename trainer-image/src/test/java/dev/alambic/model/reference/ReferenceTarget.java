package dev.alambic.model.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What the teacher says of one position, as a distribution over the vocabulary, and what the text
 * says.
 *
 * @param probabilities the teacher's at the objective's temperature; sum to one
 * @param ids null: the probabilities are over the vocabulary. Otherwise over these ids, and, last,
 *     over all others together
 * @param label the text's own next token, or {@link #IGNORED}
 */
public record ReferenceTarget(double[] probabilities, int[] ids, int label) {

  /** A position that doesn't count: padding, the end of the text. */
  public static final int IGNORED = -1;

  /** A distribution over the vocabulary. */
  public ReferenceTarget(double[] probabilities, int label) {
    this(probabilities, null, label);
  }

  public boolean valid() {
    return label != IGNORED;
  }

  /** A dense signal: the teacher's logits (after its own soft-cap), softened by temperature. */
  public static ReferenceTarget ofLogits(double[] teacherLogits, double temperature, int label) {
    double[] softened = Vectors.scale(1 / temperature, teacherLogits);
    return new ReferenceTarget(Vectors.exp(Vectors.logSoftmax(softened)), label);
  }

  /** A top-k signal: the k most probable ids of this target, and all others as one outcome. */
  public ReferenceTarget top(int k) {
    int[] top =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparing((Integer id) -> -probabilities[id]))
            .limit(k)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    double[] merged =
        Arrays.copyOf(Arrays.stream(top).mapToDouble(id -> probabilities[id]).toArray(), k + 1);
    merged[k] = 1 - Arrays.stream(merged).sum();
    return new ReferenceTarget(merged, top, label);
  }

  /** The outcomes that the probabilities are over, from log-probabilities over the vocabulary. */
  public double[] outcomes(double[] logQ) {
    if (ids == null) {
      return logQ;
    }
    double[] merged = new double[ids.length + 1];
    double[] rest = logQ.clone();
    for (int k = 0; k < ids.length; k++) {
      merged[k] = logQ[ids[k]];
      rest[ids[k]] = Double.NEGATIVE_INFINITY;
    }
    merged[ids.length] = Vectors.logSumExp(rest);
    return merged;
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
