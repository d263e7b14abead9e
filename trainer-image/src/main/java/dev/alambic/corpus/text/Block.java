package dev.alambic.corpus.text;

/**
 * A stretch of a file. It has the lines (JSON lines) or passages (Text) that begin in it, to their
 * ends, so that the blocks of a file together have all of it once.
 *
 * @param from bytes before it, a multiple of {@link #CELL}
 * @param to a multiple of {@link #CELL}, or the file's size
 */
public record Block(CorpusFile file, long from, long to) {
  /**
   * Bytes in which lines and passages are counted. Their numbers, by which text is held out, depend
   * on nothing but the file.
   */
  public static final int CELL = 1 << 16;

  public static Block whole(CorpusFile file) {
    return new Block(file, 0, file.size());
  }

  /** Whether the other begins where this one ends. */
  public boolean isBefore(Block other) {
    return file.equals(other.file) && to == other.from;
  }

  /** Where a line is, for a message. Lines before the block are not counted. */
  String at(long line) {
    return from == 0
        ? file.path() + ":" + line
        : file.path() + ": line " + line + " after byte " + from;
  }

  /** The number of the line or passage that is the so-manieth of those that begin in a cell. */
  static long number(long cell, int index) {
    return cell * CELL + index;
  }
}
