package dev.alambic.corpus;

import java.util.ArrayList;
import java.util.List;

/**
 * The order in which a run reads its sequences: window after window, each shuffled, and every epoch
 * shuffled otherwise. It is a function of corpus, seed and position alone: so a resumed run needs
 * nothing but its position, and what lies before it is only counted.
 */
public final class TrainingOrder {
  private final SequenceWindows windows;
  private final long seed;
  private final long positions;

  /** Sequences up to the end of each window whose count is known, from the first on. */
  private final List<Long> ends = new ArrayList<>();

  /**
   * An order.
   *
   * @param seed another seed gives another order
   * @param positions that the run reads; no window is prepared that has none of them
   */
  public TrainingOrder(SequenceWindows windows, long seed, long positions) {
    this.windows = windows;
    this.seed = seed;
    this.positions = positions;
  }

  /**
   * The sequence read at a position: [T + 1] tokens.
   *
   * @param position sequences read before it, over all epochs, from 0
   * @throws IllegalStateException if there are no sequences at all
   */
  public int[] sequence(long position) {
    long inEpoch = position;
    long epoch = 0;
    int window = find(position);
    if (window < 0) {
      long all = ends.get(ends.size() - 1);
      if (all == 0) {
        throw new IllegalStateException("no window has a sequence");
      }
      epoch = position / all;
      inEpoch = position % all;
      window = find(inEpoch);
    }
    long start = start(window);
    long count = ends.get(window) - start;
    SequenceOrder order = new SequenceOrder(count, seedOf(window));
    prepareNext(window, position + count - (inEpoch - start));
    return windows.window(window).sequence(order.index(epoch * count + inEpoch - start));
  }

  /** The first window's order is that of a corpus that has no other. */
  private long seedOf(long window) {
    return window == 0 ? seed : SplitMix64.mix(seed + SplitMix64.mix(window));
  }

  private void prepareNext(long window, long nextPosition) {
    if (nextPosition < positions && windows.windows() > 1) {
      windows.prepare((window + 1) % windows.windows());
    }
  }

  /** Whether a position is read before any sequence is read again. */
  public boolean isInFirstEpoch(long position) {
    return find(position) >= 0;
  }

  private long start(int window) {
    return window == 0 ? 0 : ends.get(window - 1);
  }

  /** The window of a position of the first epoch, or -1 if it is beyond. */
  private synchronized int find(long position) {
    while (ends.isEmpty() || ends.get(ends.size() - 1) <= position) {
      if (ends.size() == windows.windows()) {
        return -1;
      }
      long before = ends.isEmpty() ? 0 : ends.get(ends.size() - 1);
      ends.add(before + windows.count(ends.size()));
    }
    int low = 0;
    int high = ends.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends.get(middle) > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
