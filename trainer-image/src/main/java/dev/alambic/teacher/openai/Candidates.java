package dev.alambic.teacher.openai;

import dev.alambic.signal.SignalException;

/** Ids and log-probabilities of one position, as a server lists them; of bounded length. */
final class Candidates {
  private final int[] ids;
  private final double[] logProbabilities;
  private int count;

  /** Room for {@code count} candidates. */
  Candidates(int most) {
    this.ids = new int[most];
    this.logProbabilities = new double[most];
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int id(int index) {
    return ids[index];
  }

  double logProbability(int index) {
    return logProbabilities[index];
  }

  /**
   * Takes one more.
   *
   * @throws SignalException if there are more than asked for
   */
  void add(int id, double logProbability) {
    if (count == ids.length) {
      throw new SignalException("more than the " + count + " ids that it was asked for");
    }
    ids[count] = id;
    logProbabilities[count++] = logProbability;
  }

  /** Takes an id out; its log-probability, or NaN if it is not there. */
  double remove(int id) {
    double found = find(id);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (ids[i] != id) {
        ids[kept] = ids[i];
        logProbabilities[kept++] = logProbabilities[i];
      }
    }
    count = kept;
    return found;
  }

  /** The log-probability of an id, or NaN if it is not there. */
  double find(int id) {
    for (int i = 0; i < count; i++) {
      if (ids[i] == id) {
        return logProbabilities[i];
      }
    }
    return Double.NaN;
  }

  /** Orders by id; there are some dozens. */
  void sort() {
    for (int i = 1; i < count; i++) {
      int id = ids[i];
      double value = logProbabilities[i];
      int at = i;
      for (; at > 0 && ids[at - 1] > id; at--) {
        ids[at] = ids[at - 1];
        logProbabilities[at] = logProbabilities[at - 1];
      }
      ids[at] = id;
      logProbabilities[at] = value;
    }
  }
}
