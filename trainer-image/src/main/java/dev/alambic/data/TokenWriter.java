package dev.alambic.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Writes the tokens of one part of a corpus, from the channel's position on. */
final class TokenWriter implements Closeable {
  private final FileChannel channel;
  private final int width;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();
  private final MessageDigest digest = Sha256.start();
  private long count;

  TokenWriter(FileChannel channel, int width) {
    this.channel = channel;
    this.width = width;
  }

  void write(int token) throws IOException {
    if (buffer.remaining() < width) {
      flush();
    }
    if (width == 2) {
      buffer.putShort((short) token);
    } else {
      buffer.putInt(token);
    }
    count++;
  }

  void write(int[] tokens) throws IOException {
    for (int token : tokens) {
      write(token);
    }
  }

  /** Writes what is still in memory and sums the part up. */
  TokenFile.Part finish() throws IOException {
    flush();
    return new TokenFile.Part(
        count, (int) checksum.getValue(), HexFormat.of().formatHex(digest.digest()));
  }

  private void flush() throws IOException {
    buffer.flip();
    checksum.update(buffer.duplicate());
    digest.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
