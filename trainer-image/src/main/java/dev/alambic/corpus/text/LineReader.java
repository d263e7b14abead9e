package dev.alambic.corpus.text;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** The lines of UTF-8 that begin in a block, one in memory at a time. */
public final class LineReader implements Closeable {
  /** Longest line, in bytes. */
  static final int LONGEST = 16 << 20;

  private final Block block;
  private final FileChannel in;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
  private byte[] line = new byte[1 << 12];
  private int length;

  /** Bytes of the file up to the next that is read. */
  private long position;

  private long cell = -1;
  private int inCell;
  private long lines;

  public LineReader(Block block) throws IOException {
    this.block = block;
    this.in = PlainFile.open(block.file().path());
    if (block.from() > 0) {
      position = block.from() - 1;
      in.position(position);
      skipLine();
    }
  }

  /** A line that began before the block is the block's before it. */
  private void skipLine() throws IOException {
    while (position < block.to() && fill()) {
      position++;
      if (buffer.get() == '\n') {
        return;
      }
    }
  }

  /**
   * The next line without its end, or null after the last.
   *
   * @throws RunException DATA with file and line if it is too long or no UTF-8
   */
  public String next() throws IOException {
    long start = position;
    if (start >= block.to() || !read()) {
      return null;
    }
    inCell = start / Block.CELL == cell ? inCell + 1 : 0;
    cell = start / Block.CELL;
    lines++;
    String text = Utf8.decode(line, length, block, lines);
    return start == 0 ? Utf8.withoutByteOrderMark(text) : text;
  }

  /** Which line of the file was read last: those of a cell are counted from where it begins. */
  public long number() {
    return Block.number(cell, inCell);
  }

  /** What is wrong with the line that was read last. */
  public RunException refuse(String reason) {
    return Utf8.refuse(block, lines, reason);
  }

  /** Reads up to a line break or the end; false at the end of the file. */
  private boolean read() throws IOException {
    length = 0;
    while (fill()) {
      int start = buffer.position();
      int end = start;
      while (end < buffer.limit() && buffer.get(end) != '\n') {
        end++;
      }
      append(end - start);
      if (end < buffer.limit()) {
        buffer.get();
        position++;
        return true;
      }
    }
    return length > 0;
  }

  private boolean fill() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int read = in.read(buffer);
      buffer.flip();
      return read > 0;
    }
    return true;
  }

  private void append(int more) {
    if (length + more > LONGEST) {
      throw new RunException(
          ExitCode.DATA, block.at(lines + 1) + ": longer than " + (LONGEST >> 20) + " MiB");
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    buffer.get(line, length, more);
    length += more;
    position += more;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
