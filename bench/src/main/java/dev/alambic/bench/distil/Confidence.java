package dev.alambic.bench.distil;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.model.Decoder;
import java.util.List;

/**
 * How sure a model is of its first guess, and how often that is right, over all positions of
 * held-out text. More sure than right is over-confident (Guo and others, arXiv 1706.04599).
 *
 * @param confidence mean largest probability, 0 to 1
 * @param accuracy share of positions whose next token that guess is, 0 to 1
 * @param calibrationError expected calibration error of that paper: the distance between confidence
 *     and accuracy within each of 15 equal bins of confidence, averaged by positions, 0 to 1
 */
record Confidence(double confidence, double accuracy, double calibrationError) {
  private static final int BINS = 15;

  static Confidence of(Decoder model, PackedSequences heldOut) {
    Bins bins = new Bins();
    for (long i = 0; i < heldOut.count(); i++) {
      int[] tokens = heldOut.sequence(i);
      int time = tokens.length - 1;
      try (NDManager scope = model.manager().newSubManager()) {
        NDArray ids = Decoder.ids(scope, List.of(tokens), time);
        NDArray rows = model.hidden(scope, ids).reshape(time, -1);
        NDArray probabilities = model.logits(scope, rows).softmax(-1);
        float[] most = probabilities.max(new int[] {-1}).toFloatArray();
        long[] guess = probabilities.argMax(-1).toLongArray();
        for (int t = 0; t < time; t++) {
          bins.add(most[t], guess[t] == tokens[t + 1]);
        }
      }
    }
    return bins.confidence();
  }

  /** Guesses by how sure they were. */
  static final class Bins {
    private final double[] sure = new double[BINS];
    private final long[] right = new long[BINS];
    private long guesses;

    /** One guess of this probability. */
    void add(double probability, boolean isRight) {
      int bin = Math.min(BINS - 1, (int) (probability * BINS));
      sure[bin] += probability;
      right[bin] += isRight ? 1 : 0;
      guesses++;
    }

    Confidence confidence() {
      double allSure = 0;
      long allRight = 0;
      double apart = 0;
      for (int bin = 0; bin < BINS; bin++) {
        allSure += sure[bin];
        allRight += right[bin];
        apart += Math.abs(sure[bin] - right[bin]);
      }
      return new Confidence(allSure / guesses, (double) allRight / guesses, apart / guesses);
    }
  }
}
