package dev.alambic.bench.distil;

import dev.alambic.signal.Signal;
import dev.alambic.signal.TopKSignal;
import java.util.List;

/** TopK without its bucket for all other ids: the rest is made to sum to one. */
final class Renormalised {
  /** A log-probability that is zero in float32 and yet finite. */
  private static final float NEVER = -100;

  private Renormalised() {}

  static List<Signal> of(List<Signal> signals) {
    return signals.stream().map(signal -> (Signal) of((TopKSignal) signal)).toList();
  }

  static TopKSignal of(TopKSignal signal) {
    int size = signal.size();
    int positions = signal.labelLogProbability().length;
    float[] values = signal.logProbabilities().clone();
    float[] entropy = new float[positions];
    for (int t = 0; t < positions; t++) {
      int from = t * (size + 1);
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += Math.exp(values[from + k]);
      }
      double plogp = 0;
      for (int k = 0; k < size; k++) {
        values[from + k] -= (float) Math.log(sum);
        plogp += Math.exp(values[from + k]) * values[from + k];
      }
      values[from + size] = NEVER;
      entropy[t] = (float) -plogp;
    }
    return new TopKSignal(size, signal.labelLogProbability(), entropy, signal.ids(), values);
  }
}
