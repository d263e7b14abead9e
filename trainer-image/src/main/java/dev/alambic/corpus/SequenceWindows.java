package dev.alambic.corpus;

/**
 * The sequences of a corpus in windows, which are made when they are asked for: always the same
 * ones. May be called by several threads.
 */
public interface SequenceWindows {
  /** How many windows there are, one or more. */
  long windows();

  /** Sequences in a window, 0 or more. May take as long as to make it. */
  long count(long window);

  /** The sequences of a window. */
  PackedSequences window(long window);

  /** Begins to make a window, so that it is there when it is asked for. */
  void prepare(long window);

  /** Sequences that are all there, as one window. */
  static SequenceWindows one(PackedSequences sequences) {
    return new SequenceWindows() {
      @Override
      public long windows() {
        return 1;
      }

      @Override
      public long count(long window) {
        return sequences.count();
      }

      @Override
      public PackedSequences window(long window) {
        return sequences;
      }

      @Override
      public void prepare(long window) {}
    };
  }
}
