package dev.alambic.corpus;

import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * In what order the blocks of a corpus are read: a function of names, sizes, sequence length and
 * seed alone, known before anything is read. All blocks are shuffled and dealt into windows; what
 * is in memory, and tokenised ahead, is a window. The first is small, so that a run begins at once
 * and a small budget tokenises little, and each is twice the one before, up to a size at which its
 * sequences are as good as drawn from the whole corpus. Within a window blocks lie as in the files.
 *
 * <p>A corpus that fits into the first window is one window of whole files.
 */
final class BlockPlan {
  /** A block has text for several sequences: a long text is not made of scraps. */
  private static final int SEQUENCES_PER_BLOCK = 8;

  private static final int BYTES_PER_TOKEN = 4;
  private static final long LARGEST_BLOCK = 4 << 20;
  private static final int BLOCKS_IN_FIRST = 8;

  /** Bytes of the largest window: as tokens in memory about as much. */
  private static final long LARGEST_WINDOW = 32 << 20;

  private final List<CorpusFile> files;
  private final long blockSize;
  private final long[] firstBlock;
  private final SequenceOrder order;
  private final long firstWindow;
  private final long largestWindow;

  /**
   * A plan.
   *
   * @param files one or more
   * @param sequenceLength tokens in a sequence
   */
  BlockPlan(List<CorpusFile> files, int sequenceLength, long seed) {
    this.files = List.copyOf(files);
    long block = blockSize(sequenceLength);
    long total = files.stream().mapToLong(CorpusFile::size).sum();
    boolean small = total <= BLOCKS_IN_FIRST * block;
    this.blockSize = small ? Long.MAX_VALUE : block;
    this.firstBlock = firstBlocks();
    long blocks = firstBlock[files.size()];
    double average = (double) total / blocks;
    this.firstWindow = small ? blocks : Math.round(Math.max(1, BLOCKS_IN_FIRST * block / average));
    this.largestWindow = Math.max(firstWindow, Math.round(LARGEST_WINDOW / average));
    this.order = new SequenceOrder(blocks, seed);
  }

  private static long blockSize(int sequenceLength) {
    long wanted = (long) SEQUENCES_PER_BLOCK * BYTES_PER_TOKEN * sequenceLength;
    long cells = (Math.min(LARGEST_BLOCK, wanted) + Block.CELL - 1) / Block.CELL;
    return Math.max(1, cells) * Block.CELL;
  }

  private long[] firstBlocks() {
    long[] first = new long[files.size() + 1];
    for (int i = 0; i < files.size(); i++) {
      long size = files.get(i).size();
      first[i + 1] = first[i] + Math.max(1, size / blockSize + (size % blockSize == 0 ? 0 : 1));
    }
    return first;
  }

  /** How many windows there are. */
  long windows() {
    long windows = 0;
    long blocks = order.count();
    for (long size = firstWindow; blocks > 0; size = Math.min(2 * size, largestWindow)) {
      if (size == largestWindow) {
        return windows + (blocks - 1) / size + 1;
      }
      blocks -= size;
      windows++;
    }
    return windows;
  }

  /** How many blocks are in the windows before one. */
  private long start(long window) {
    long start = 0;
    long size = firstWindow;
    long left = window;
    while (left > 0 && size < largestWindow) {
      start += size;
      size = Math.min(2 * size, largestWindow);
      left--;
    }
    return Math.min(order.count(), start + left * size);
  }

  /** The blocks of a window as they lie in the files; those side by side are one. */
  List<Block> window(long window) {
    long[] indices = LongStream.range(start(window), start(window + 1)).map(order::index).toArray();
    Arrays.sort(indices);
    List<Block> blocks = new ArrayList<>();
    for (long index : indices) {
      Block block = block(index);
      int last = blocks.size() - 1;
      if (last >= 0 && blocks.get(last).isBefore(block)) {
        blocks.set(last, new Block(block.file(), blocks.get(last).from(), block.to()));
      } else {
        blocks.add(block);
      }
    }
    return blocks;
  }

  private Block block(long index) {
    int at = Arrays.binarySearch(firstBlock, index);
    int file = at >= 0 ? at : -at - 2;
    CorpusFile of = files.get(file);
    if (blockSize >= of.size()) {
      return Block.whole(of);
    }
    long from = (index - firstBlock[file]) * blockSize;
    return new Block(of, from, Math.min(of.size(), from + blockSize));
  }

  /** What the plan depends on beside files and seed; of one window it depends on neither. */
  String shape() {
    return windows() == 1 ? "whole" : blockSize + " " + firstWindow + " " + largestWindow;
  }
}
