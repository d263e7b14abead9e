package dev.alambic.data;

import java.io.IOException;
import java.io.InputStream;

/**
 * A text file in passages that end at a line break: the first after {@link #PASSAGE} bytes, or else
 * the last before it; a line too long for that is cut between two characters.
 */
final class TextReader implements PassageReader {
  static final int PASSAGE = 8 << 10;

  private final CorpusFile file;
  private final InputStream in;
  private final byte[] buffer = new byte[2 * PASSAGE];
  private int filled;
  private long number;
  private long line = 1;

  TextReader(CorpusFile file) throws IOException {
    this.file = file;
    this.in = PlainFile.open(file.path());
  }

  @Override
  public Passage next() throws IOException {
    filled += in.readNBytes(buffer, filled, buffer.length - filled);
    if (filled == 0) {
      return null;
    }
    int length = passageLength();
    String text = Utf8.decode(buffer, length, file.path(), line);
    line += Utf8.lines(buffer, length);
    filled -= length;
    System.arraycopy(buffer, length, buffer, 0, filled);
    boolean first = number == 0;
    return new Passage(
        file.name(), number++, !first, first ? Utf8.withoutByteOrderMark(text) : text);
  }

  private int passageLength() {
    if (filled < buffer.length) {
      int rest = lineBreakFrom(PASSAGE);
      return rest > 0 ? rest : filled;
    }
    int after = lineBreakFrom(PASSAGE);
    if (after > 0) {
      return after;
    }
    int before = lineBreakBefore(PASSAGE);
    return before > 0 ? before : characterEnd();
  }

  /** Length up to and with the first line break at or after a position; 0 if there is none. */
  private int lineBreakFrom(int position) {
    for (int i = position; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private int lineBreakBefore(int position) {
    for (int i = position - 1; i >= 0; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  /** The end of the last whole character of a full buffer; a character has at most four bytes. */
  private int characterEnd() {
    int end = filled - 1;
    while (end > filled - 4 && Utf8.continuesCharacter(buffer[end])) {
      end--;
    }
    return end;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
