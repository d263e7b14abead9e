package dev.alambic.teacher.openai;

import dev.alambic.signal.SignalException;
import dev.alambic.signal.TopKSignal;
import java.util.Arrays;

/**
 * A signal that is put together from a server's answer for each position, with everything checked
 * that can be: a wrong number that is learnt from is never found again.
 */
final class TopKAnswer {
  /** Servers compute in float32: a probability of 1 may come out that much over it. */
  private static final double TOLERANCE = 1e-3;

  /** vLLM's value for an impossible token, for which JSON has no number. */
  private static final double LEAST = -9999;

  /** Probability of what the listed ids leave, where rounding leaves nothing: exp(-64). */
  private static final double LEAST_REST = Math.exp(-64);

  private final int[] tokens;
  private final int size;
  private final int vocabularySize;
  private final float[] labels;
  private final float[] entropy;
  private final int[] ids;
  private final float[] values;
  private final boolean[] told;
  private final boolean[] labelTold;

  /**
   * An empty answer.
   *
   * @param tokens {@code [T + 1]}
   * @param size ids per position, K
   */
  TopKAnswer(int[] tokens, int size, int vocabularySize) {
    int positions = tokens.length - 1;
    this.tokens = tokens;
    this.size = size;
    this.vocabularySize = vocabularySize;
    this.labels = new float[positions];
    this.entropy = new float[positions];
    this.ids = new int[Math.multiplyExact(positions, size)];
    this.values = new float[Math.multiplyExact(positions, size + 1)];
    this.told = new boolean[positions];
    this.labelTold = new boolean[positions];
  }

  /**
   * Refuses a position after the last.
   *
   * @throws SignalException if the answer covers more than was asked about
   */
  void requireInside(int position) {
    if (position >= told.length) {
      throw new SignalException("probabilities of more than the tokens sent");
    }
  }

  /**
   * Refuses an answer that ends early.
   *
   * @param count tokens that it speaks of, the first included
   * @throws SignalException if those are not the T + 1 asked about
   */
  void requireAll(int count) {
    if (count != tokens.length) {
      throw new SignalException(
          "probabilities of " + count + " tokens for " + tokens.length + " sent");
    }
  }

  /** Ids per position, K. */
  int size() {
    return size;
  }

  /** The text's own token that a position speaks of. */
  int label(int position) {
    return tokens[position + 1];
  }

  /**
   * Takes the log-probability of the text's own token.
   *
   * @throws SignalException if it is not a log-probability
   */
  void putLabel(int position, double logProbability) {
    requirePosition(position);
    require(!labelTold[position], position, "is listed twice");
    labels[position] = (float) checked(position, label(position), logProbability);
    labelTold[position] = true;
  }

  /**
   * Takes the most probable ids of a position, in any order.
   *
   * @throws SignalException saying what is wrong with them
   */
  void putTop(int position, Candidates top) {
    requirePosition(position);
    require(!told[position], position, "is listed twice");
    if (top.count() != size) {
      throw new FewIdsException(place(position), top.count(), size);
    }
    top.sort();
    double sum = 0;
    for (int k = 0; k < size; k++) {
      int id = top.id(k);
      require(
          id >= 0 && id < vocabularySize,
          position,
          "id " + id + " is outside the vocabulary of " + vocabularySize);
      require(k == 0 || id != top.id(k - 1), position, "id " + id + " comes twice");
      sum += Math.exp(checked(position, id, top.logProbability(k)));
    }
    require(sum <= 1 + TOLERANCE, position, "probabilities sum to " + sum);
    store(position, top, sum);
  }

  private void store(int position, Candidates top, double sum) {
    double whole = Math.log(Math.max(1, sum));
    double rest = Math.log(Math.max(1 - sum, LEAST_REST));
    int at = position * (size + 1);
    double nats = -rest * Math.exp(rest);
    for (int k = 0; k < size; k++) {
      double value = bounded(top.logProbability(k)) - whole;
      ids[position * size + k] = top.id(k);
      values[at + k] = (float) value;
      nats -= value * Math.exp(value);
    }
    values[at + size] = (float) rest;
    entropy[position] = (float) Math.max(0, nats);
    told[position] = true;
  }

  /** A server that keeps fewer ids than it is asked for: asking again does not help. */
  static final class FewIdsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FewIdsException(String place, int count, int asked) {
      super("%s: %d ids, asked for %d".formatted(place, count, asked));
    }
  }

  /**
   * The signal.
   *
   * @throws SignalException if a position is missing, or the text's token is given as more probable
   *     than it can be
   */
  TopKSignal signal() {
    for (int position = 0; position < told.length; position++) {
      require(told[position], position, "has no ids");
      require(labelTold[position], position, "has no probability of the text's own token");
      requireSound(position);
    }
    return new TopKSignal(size, labels, entropy, ids, values);
  }

  /** The text's token is among the ids with the same probability, or is less probable than all. */
  private void requireSound(int position) {
    int from = position * size;
    int at = Arrays.binarySearch(ids, from, from + size, label(position));
    double own = labels[position];
    if (at >= 0) {
      double listed = values[position * (size + 1) + at - from];
      require(
          Math.abs(Math.exp(listed) - Math.exp(own)) <= TOLERANCE,
          position,
          "the text's own token has two probabilities, "
              + Math.exp(listed)
              + " and "
              + Math.exp(own));
      return;
    }
    double least = 0;
    for (int k = 0; k < size; k++) {
      least = Math.min(least, values[position * (size + 1) + k]);
    }
    require(
        Math.exp(own) <= Math.exp(least) + TOLERANCE,
        position,
        "the text's own token is more probable than an id that stands before it");
    require(
        Math.exp(own) <= Math.exp(values[position * (size + 1) + size]) + TOLERANCE,
        position,
        "the text's own token is more probable than all that is left");
  }

  private double checked(int position, int id, double logProbability) {
    require(
        Double.isFinite(logProbability) && logProbability <= TOLERANCE,
        position,
        "id " + id + " has " + logProbability + ", which is not a log-probability");
    return bounded(logProbability);
  }

  private static double bounded(double logProbability) {
    return Math.max(LEAST, Math.min(0, logProbability));
  }

  private void requirePosition(int position) {
    if (position < 0 || position >= told.length) {
      throw new SignalException("more positions than the " + tokens.length + " tokens sent");
    }
  }

  private static void require(boolean holds, int position, String problem) {
    if (!holds) {
      throw new SignalException(place(position) + ": " + problem);
    }
  }

  private static String place(int position) {
    return "position " + (position + 1);
  }
}
