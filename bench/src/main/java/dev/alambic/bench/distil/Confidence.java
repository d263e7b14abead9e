package dev.alambic.bench.distil;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.data.PackedSequences;
import dev.alambic.model.Decoder;
import java.util.List;

/**
 * How sure a model is of its first guess, and how often that is right: the mean of the largest
 * probability over all positions of held-out text, and the share of positions whose next token it
 * is. More sure than right is over-confident (Guo and others, arXiv 1706.04599).
 */
record Confidence(double confidence, double accuracy) {

  static Confidence of(Decoder model, PackedSequences heldOut) {
    double sure = 0;
    long right = 0;
    long positions = 0;
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
          sure += most[t];
          right += guess[t] == tokens[t + 1] ? 1 : 0;
        }
      }
      positions += time;
    }
    return new Confidence(sure / positions, (double) right / positions);
  }
}
