package dev.alambic.parallel;

/**
 * Adds vectors up in an order that depends on their number alone: the first half, the second half
 * (the first as large as a power of two can be), then both. So the sum over four processes is, bit
 * by bit, that over two of which each has added two up before.
 */
public final class TreeSum {
  private TreeSum() {}

  /** How sums of two are made: the second is added to the first. */
  public interface Addition {
    void add(int to, int from);
  }

  /** Adds so many vectors up, into that of index 0. */
  public static void of(int vectors, Addition addition) {
    add(0, vectors, addition);
  }

  private static void add(int from, int to, Addition addition) {
    int count = to - from;
    if (count > 1) {
      int middle = from + Integer.highestOneBit(count - 1);
      add(from, middle, addition);
      add(middle, to, addition);
      addition.add(from, middle);
    }
  }
}
