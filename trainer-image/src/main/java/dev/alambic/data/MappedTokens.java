package dev.alambic.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.zip.CRC32C;

/** Part of a file of tokens, mapped in pieces, because Java maps at most 2 GiB at once. */
final class MappedTokens {
  static final int PIECE_TOKENS = 1 << 28;

  private final ByteBuffer[] pieces;
  private final int pieceTokens;
  private final long count;
  private final int width;

  /**
   * Maps tokens.
   *
   * @param offset where they begin in the file, in bytes
   * @param width bytes per token, 2 or 4
   * @param pieceTokens tokens per piece
   */
  MappedTokens(FileChannel channel, long offset, long count, int width, int pieceTokens)
      throws IOException {
    this.count = count;
    this.width = width;
    this.pieceTokens = pieceTokens;
    this.pieces = new ByteBuffer[Math.toIntExact((count + pieceTokens - 1) / pieceTokens)];
    for (int i = 0; i < pieces.length; i++) {
      long from = (long) i * pieceTokens;
      long length = Math.min(pieceTokens, count - from) * width;
      pieces[i] =
          channel
              .map(MapMode.READ_ONLY, offset + from * width, length)
              .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  long count() {
    return count;
  }

  /** Reads tokens from a position on. */
  int[] read(long from, int length) {
    int[] tokens = new int[length];
    for (int i = 0; i < length; i++) {
      ByteBuffer piece = pieces[(int) ((from + i) / pieceTokens)];
      int index = (int) ((from + i) % pieceTokens) * width;
      tokens[i] = width == 2 ? Short.toUnsignedInt(piece.getShort(index)) : piece.getInt(index);
    }
    return tokens;
  }

  /** The CRC-32C of all tokens as they are stored; reads all of them. */
  int checksum() {
    CRC32C checksum = new CRC32C();
    for (ByteBuffer piece : pieces) {
      checksum.update(piece.duplicate());
    }
    return (int) checksum.getValue();
  }
}
