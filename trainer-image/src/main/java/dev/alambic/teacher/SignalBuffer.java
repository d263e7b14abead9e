package dev.alambic.teacher;

import ai.djl.ndarray.NDList;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;

/** Gathers a sequence's signal from the chunks of positions that the signal program gave. */
final class SignalBuffer {
  private final SignalSettings settings;
  private final int idsPerPosition;
  private final int valuesPerPosition;
  private final float[] labelLogProbability;
  private final float[] entropy;
  private final int[] ids;
  private final float[] values;

  SignalBuffer(int positions, int vocabularySize, SignalSettings settings) {
    this.settings = settings;
    int top = Math.min(settings.size(), vocabularySize);
    this.idsPerPosition =
        switch (settings.encoding()) {
          case Dense, Label -> 0;
          case Sampled -> settings.size();
          case TopK -> top;
        };
    this.valuesPerPosition =
        switch (settings.encoding()) {
          case Dense -> vocabularySize;
          case Sampled, Label -> 0;
          case TopK -> top + 1;
        };
    this.labelLogProbability = new float[positions];
    this.entropy = new float[positions];
    this.ids = new int[Math.multiplyExact(positions, idsPerPosition)];
    this.values = new float[Math.multiplyExact(positions, valuesPerPosition)];
  }

  /**
   * Takes a chunk that begins at position {@code from}.
   *
   * @param chunk label's log-probabilities {@code [n]}, entropies {@code [n]}, then ids {@code [n,
   *     idsPerPosition]} and values {@code [n, valuesPerPosition]}, as far as the encoding has them
   */
  void put(int from, NDList chunk) {
    copy(chunk.get(0).toFloatArray(), labelLogProbability, from);
    copy(chunk.get(1).toFloatArray(), entropy, from);
    if (idsPerPosition > 0) {
      int[] part = chunk.get(2).toIntArray();
      System.arraycopy(part, 0, ids, from * idsPerPosition, part.length);
    }
    if (valuesPerPosition > 0) {
      copy(chunk.get(chunk.size() - 1).toFloatArray(), values, from * valuesPerPosition);
    }
  }

  private static void copy(float[] chunk, float[] all, int at) {
    System.arraycopy(chunk, 0, all, at, chunk.length);
  }

  /** The signal, once every position was put. */
  Signal signal() {
    return switch (settings.encoding()) {
      case Dense -> new DenseSignal(labelLogProbability, entropy, values);
      case Sampled ->
          SampledSignal.ofSortedDraws(settings.size(), labelLogProbability, entropy, ids);
      case TopK -> new TopKSignal(idsPerPosition, labelLogProbability, entropy, ids, values);
      case Label -> new LabelSignal(labelLogProbability, entropy);
    };
  }
}
