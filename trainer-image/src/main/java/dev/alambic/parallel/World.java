package dev.alambic.parallel;

/**
 * The processes that train one student together, and which of them this is.
 *
 * @param rank of this process, from 0
 * @param size how many there are
 */
public record World(int rank, int size) {
  /** One process. */
  public static final World ALONE = new World(0, 1);

  /**
   * Segments begin at multiples of this number of elements: results computed in such rows, such as
   * the gradient's norm, has the same rows however a tensor is cut.
   */
  private static final long ALIGNMENT = 4096;

  /**
   * A world.
   *
   * @throws IllegalArgumentException for a rank that is not one of its
   */
  public World {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "rank %d is out of range: there are %d trainers".formatted(rank, size));
    }
  }

  /**
   * Part of a flat tensor: elements {@code [from, to)}.
   *
   * @param from first element
   * @param to after the last element; {@code from} if the part is empty
   */
  public record Segment(long from, long to) {
    /** Elements. */
    public long length() {
      return to - from;
    }
  }

  /** This process's segment of a flat tensor of {@code elements} elements. */
  public Segment segment(long elements) {
    return segment(elements, rank);
  }

  /** A rank's segment of a flat tensor of {@code elements} elements. */
  public Segment segment(long elements, int ofRank) {
    long each = (elements + size - 1) / size;
    long step = (each + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    long from = Math.min(elements, ofRank * step);
    return new Segment(from, Math.min(elements, from + step));
  }
}
