package dev.alambic.corpus.text;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8: what is not text is refused with its line. */
final class Utf8 {
  private Utf8() {}

  /**
   * Decodes bytes of a file.
   *
   * @param block where they are
   * @param line the line of it that they begin on, from 1
   * @throws RunException DATA if they hold a NUL or are not UTF-8
   */
  static String decode(byte[] bytes, int length, Block block, long line) {
    return decode(bytes, 0, length, block, line);
  }

  static String decode(byte[] bytes, int from, int length, Block block, long line) {
    CharBuffer text = CharBuffer.allocate(length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CoderResult result = decoder.decode(in, text, true);
    if (result.isError()) {
      throw refuse(block, line + lines(bytes, from, in.position() - from), "not UTF-8");
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] == 0) {
        throw refuse(block, line + lines(bytes, from, i), "a NUL byte: not a text file");
      }
    }
    return text.flip().toString();
  }

  /** A file's text without the mark that some editors put before it. */
  static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Line breaks in some bytes. */
  static long lines(byte[] bytes, int from, int length) {
    long lines = 0;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == '\n') {
        lines++;
      }
    }
    return lines;
  }

  /** Whether a byte is the second or a later one of its character. */
  static boolean continuesCharacter(byte value) {
    return (value & 0xC0) == 0x80;
  }

  static RunException refuse(Block block, long line, String reason) {
    return new RunException(ExitCode.DATA, block.at(line) + ": " + reason);
  }
}
