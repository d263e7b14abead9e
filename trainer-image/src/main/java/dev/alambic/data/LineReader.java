package dev.alambic.data;

import dev.alambic.run.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a UTF-8 file, one in memory at a time. */
final class LineReader implements Closeable {
  /** Longest line, in bytes. */
  static final int LONGEST = 16 << 20;

  private final CorpusFile file;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int filled;
  private byte[] line = new byte[1 << 12];
  private int length;
  private long number = -1;

  LineReader(CorpusFile file) throws IOException {
    this.file = file;
    this.in = PlainFile.open(file.path());
  }

  /**
   * The next line without its end, or null after the last.
   *
   * @throws RunException DATA with file and line if it is too long or no UTF-8
   */
  String next() throws IOException {
    number++;
    if (!read()) {
      return null;
    }
    String text = Utf8.decode(line, length, file.path(), number + 1);
    return number == 0 ? Utf8.withoutByteOrderMark(text) : text;
  }

  /** Which line was read last, counted from 0. */
  long number() {
    return number;
  }

  /** What is wrong with the line that was read last. */
  RunException refuse(String reason) {
    return Utf8.refuse(file.path(), number + 1, reason);
  }

  /** Reads up to a line break or the end; false at the end of the file. */
  private boolean read() throws IOException {
    length = 0;
    while (true) {
      if (position == filled) {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        if (filled == 0) {
          return length > 0;
        }
      }
      int end = position;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(end);
      position = end;
      if (end < filled) {
        position++;
        return true;
      }
    }
  }

  private void append(int end) {
    int more = end - position;
    if (length + more > LONGEST) {
      throw refuse("longer than " + (LONGEST >> 20) + " MiB");
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    System.arraycopy(buffer, position, line, length, more);
    length += more;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
