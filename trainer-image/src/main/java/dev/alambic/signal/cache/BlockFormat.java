package dev.alambic.signal.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HexFormat;

/**
 * The bytes of a block; little-endian.
 *
 * <pre>
 * header   "ASBL", version 1 (int32), fingerprint (32 bytes)
 * frames   length of a record (int32), the record; one after the other
 * index    per record, ascending by key: key (int64), offset of the record (int64), length (int32)
 * trailer  offset of the index (int64), records (int32), CRC-32C of index and trailer so far (int32),
 *          "ASBE"
 * </pre>
 *
 * A block that is still being written, or whose writer was killed, has neither index nor trailer.
 */
final class BlockFormat {
  static final int HEADER_BYTES = 40;
  static final int FRAME_BYTES = Integer.BYTES;
  static final int ENTRY_BYTES = 2 * Long.BYTES + Integer.BYTES;
  static final int TRAILER_BYTES = Long.BYTES + 3 * Integer.BYTES;

  /** A block of {@code 256 MiB} holds no more records: each has 68 bytes at least. */
  static final int MOST_INDEX_BYTES = 128 << 20;

  static final int HEADER_MAGIC = 0x4C425341; // "ASBL"
  static final int TRAILER_MAGIC = 0x45425341; // "ASBE"
  private static final int VERSION = 1;

  private BlockFormat() {}

  static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean isHeader(byte[] bytes, String fingerprint) {
    return bytes != null && header(fingerprint).equals(view(bytes));
  }

  static ByteBuffer header(String fingerprint) {
    ByteBuffer header = allocate(HEADER_BYTES);
    header.putInt(HEADER_MAGIC).putInt(VERSION).put(HexFormat.of().parseHex(fingerprint));
    return header.flip();
  }

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads {@code bytes} bytes from an offset, or null if the file ends before. */
  static byte[] read(FileChannel file, long offset, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    ByteBuffer buffer = view(content);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        return null;
      }
    }
    return content;
  }

  static void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
