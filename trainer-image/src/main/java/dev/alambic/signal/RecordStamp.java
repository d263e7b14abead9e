package dev.alambic.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The header of a record, for code that keeps records without reading them.
 *
 * @param sequenceKey {@link Draws#sequenceKey} of the tokens it speaks of
 * @param fingerprint {@link Fingerprint#digest} of what it means
 * @param positions T
 */
public record RecordStamp(long sequenceKey, String fingerprint, int positions) {
  private static final int POSITIONS_AT = 8;
  private static final int KEY_AT = 20;
  private static final int FINGERPRINT_AT = 28;

  /**
   * Reads the stamp of a record whose checksum is right.
   *
   * @throws SignalException if the record is damaged
   */
  public static RecordStamp of(byte[] record) {
    int end = record.length - Integer.BYTES;
    if (end < SignalHeader.BYTES) {
      throw new SignalException("signal record: " + record.length + " bytes are too few");
    }
    ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(end) != checksum(record, end)) {
      throw new SignalException("signal record: the checksum over " + end + " bytes is wrong");
    }
    byte[] digest = new byte[SignalHeader.BYTES - FINGERPRINT_AT];
    in.get(FINGERPRINT_AT, digest);
    return new RecordStamp(
        in.getLong(KEY_AT), HexFormat.of().formatHex(digest), in.getInt(POSITIONS_AT));
  }

  /** CRC-32C (RFC 3720) of the first {@code length} bytes. */
  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
