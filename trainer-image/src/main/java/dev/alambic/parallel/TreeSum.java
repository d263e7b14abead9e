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

  /** Sums {@code vectors} vectors into the one of index 0. */
  public static void of(int vectors, Addition addition) {
    add(0, vectors, addition);
  }

  /** Where the second half of the vectors {@code [from, to)}, two or more, begins. */
  public static int middle(int from, int to) {
    return from + Integer.highestOneBit(to - from - 1);
  }

  private static void add(int from, int to, Addition addition) {
    if (to - from > 1) {
      int middle = middle(from, to);
      add(from, middle, addition);
      add(middle, to, addition);
      addition.add(from, middle);
    }
  }
}
