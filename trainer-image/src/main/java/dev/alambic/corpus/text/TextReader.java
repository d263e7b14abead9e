package dev.alambic.corpus.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The text of a block in passages that end at a line break: the first after {@link #PASSAGE} bytes,
 * or else the last before it; a line too long for that is cut between two characters. Passages do
 * not go beyond the first line break of a cell, so that they are the same whichever blocks a file
 * is cut into.
 */
final class TextReader implements PassageReader {
  static final int PASSAGE = 8 << 10;

  /** How far into a cell its first line break is looked for. */
  private static final int SEARCHED = 2 * PASSAGE;

  private final Block block;
  private final FileChannel in;
  private long nextCell;
  private long cell;
  private int inCell;
  private byte[] text = new byte[0];
  private int position;
  private long line = 1;
  private boolean first = true;

  TextReader(Block block) throws IOException {
    this.block = block;
    this.in = PlainFile.open(block.file().path());
    this.nextCell = block.from() / Block.CELL;
  }

  @Override
  public Passage next() throws IOException {
    while (position == text.length) {
      if (nextCell * Block.CELL >= block.to()) {
        return null;
      }
      readCell();
    }
    int length = passageLength();
    boolean fileStarts = cell == 0 && position == 0;
    String passage = Utf8.decode(text, position, length, block, line);
    line += Utf8.lines(text, position, length);
    position += length;
    boolean goesOn = !first;
    first = false;
    return new Passage(
        block.file().name(),
        Block.number(cell, inCell++),
        goesOn,
        fileStarts ? Utf8.withoutByteOrderMark(passage) : passage);
  }

  private void readCell() throws IOException {
    cell = nextCell++;
    inCell = 0;
    long from = start(cell);
    text = bytes(from, (int) (start(cell + 1) - from));
    position = 0;
  }

  /** Where the first passage of a cell begins: after a line break, or else between characters. */
  private long start(long of) throws IOException {
    long at = of * Block.CELL;
    if (at == 0 || at >= block.file().size()) {
      return Math.min(at, block.file().size());
    }
    byte[] bytes = bytes(at - 1, SEARCHED);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return at + i;
      }
    }
    int i = 1;
    while (i < bytes.length && i < 4 && Utf8.continuesCharacter(bytes[i])) {
      i++;
    }
    return at + i - 1;
  }

  private byte[] bytes(long from, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, block.file().size() - from));
    while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) > 0) {}
    return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
  }

  private int passageLength() {
    int left = text.length - position;
    int after = lineBreakFrom(PASSAGE, Math.min(left, 2 * PASSAGE));
    if (after > 0) {
      return after;
    }
    if (left < 2 * PASSAGE) {
      return left;
    }
    int before = lineBreakBefore(PASSAGE);
    return before > 0 ? before : characterEnd();
  }

  /** Length up to and with the first line break at or after a place; 0 if there is none. */
  private int lineBreakFrom(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[position + i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private int lineBreakBefore(int before) {
    for (int i = before - 1; i >= 0; i--) {
      if (text[position + i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  /** The end of the last whole character; a character has at most four bytes. */
  private int characterEnd() {
    int end = 2 * PASSAGE - 1;
    while (end > 2 * PASSAGE - 4 && Utf8.continuesCharacter(text[position + end])) {
      end--;
    }
    return end;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
