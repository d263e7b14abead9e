package dev.alambic.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A tokenised corpus on disk, little-endian: a header of {@link #HEADER} bytes, the training
 * tokens, the held-out tokens. The header is written last and holds lengths and checksums, so that
 * a file that is torn or damaged is told from a good one.
 *
 * @param width bytes per token, 2 or 4
 */
record TokenFile(int width, Part train, Part heldOut) {
  static final int HEADER = 128;

  private static final long MAGIC = 0x314b4f5443424d41L; // "AMBCTOK1"
  private static final int CHECKSUM_AT = HEADER - Integer.BYTES;

  /**
   * One part of a corpus.
   *
   * @param tokens how many
   * @param checksum CRC-32C of its bytes, to find damage
   * @param digest SHA-256 of its bytes in hexadecimal, to tell one corpus from another
   */
  record Part(long tokens, int checksum, String digest) {}

  /** A good file, mapped. */
  record Mapped(MappedTokens train, MappedTokens heldOut, String digest) {}

  /** Says why a file is not a good one. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String reason) {
      super(reason);
    }
  }

  /** Bytes per token for a vocabulary. */
  static int width(int vocabularySize) {
    return vocabularySize <= 1 << 16 ? 2 : 4;
  }

  /** Identifies the tokens of both parts. */
  String digest() {
    return Sha256.of(train.digest() + heldOut.digest());
  }

  void writeHeader(FileChannel channel) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(width);
    put(header, train);
    put(header, heldOut);
    header.putInt(CHECKSUM_AT, headerChecksum(header));
    header.rewind();
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
  }

  /**
   * Maps a file and reads all of it once to check it.
   *
   * @throws DamagedException if it is torn, damaged or no such file at all
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  static Mapped map(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      TokenFile file = readHeader(channel);
      long heldOutAt = HEADER + file.train.tokens * file.width;
      require(
          channel.size() == heldOutAt + file.heldOut.tokens * file.width, "its length is wrong");
      MappedTokens train = file.map(channel, HEADER, file.train);
      MappedTokens heldOut = file.map(channel, heldOutAt, file.heldOut);
      return new Mapped(train, heldOut, file.digest());
    }
  }

  private MappedTokens map(FileChannel channel, long offset, Part part) throws IOException {
    MappedTokens tokens =
        new MappedTokens(channel, offset, part.tokens, width, MappedTokens.PIECE_TOKENS);
    require(tokens.checksum() == part.checksum, "its checksum is wrong");
    return tokens;
  }

  private static TokenFile readHeader(FileChannel channel) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {}
    require(!header.hasRemaining(), "its header is cut off");
    require(header.getInt(CHECKSUM_AT) == headerChecksum(header), "its header is damaged");
    header.flip();
    require(header.getLong() == MAGIC, "it is no file of tokens");
    TokenFile file = new TokenFile(header.getInt(), part(header), part(header));
    long most = (channel.size() - HEADER) / Short.BYTES;
    require(file.width == 2 || file.width == 4, "its tokens have " + file.width + " bytes");
    require(
        isCount(file.train.tokens, most) && isCount(file.heldOut.tokens, most),
        "its header claims more tokens than it has");
    return file;
  }

  private static boolean isCount(long tokens, long most) {
    return tokens >= 0 && tokens <= most;
  }

  private static void put(ByteBuffer header, Part part) {
    header.putLong(part.tokens).putInt(part.checksum).put(HexFormat.of().parseHex(part.digest));
  }

  private static Part part(ByteBuffer header) {
    long tokens = header.getLong();
    int checksum = header.getInt();
    byte[] digest = new byte[32];
    header.get(digest);
    return new Part(tokens, checksum, HexFormat.of().formatHex(digest));
  }

  private static int headerChecksum(ByteBuffer header) {
    CRC32C checksum = new CRC32C();
    checksum.update(header.slice(0, CHECKSUM_AT));
    return (int) checksum.getValue();
  }

  private static void require(boolean condition, String reason) throws DamagedException {
    if (!condition) {
      throw new DamagedException(reason);
    }
  }
}
