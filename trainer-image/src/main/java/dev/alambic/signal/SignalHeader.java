package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The first bytes of a record: what it is a signal of. */
record SignalHeader(
    SignalEncoding encoding,
    int positions,
    int vocabularySize,
    int size,
    long sequenceKey,
    String fingerprint) {
  static final int BYTES = 60;
  private static final int MAGIC = 0x47495341; // "ASIG", little-endian
  private static final byte VERSION = 2;
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGEST_BYTES = 32;

  /** The header of a record of {@code positions} positions of a sequence. */
  static SignalHeader of(Fingerprint fingerprint, int positions, long sequenceKey) {
    SignalSettings settings = fingerprint.settings();
    return new SignalHeader(
        settings.encoding(),
        positions,
        fingerprint.vocabularySize(),
        settings.size(),
        sequenceKey,
        fingerprint.digest());
  }

  void write(ByteBuffer out) {
    out.putInt(MAGIC).put(VERSION).put(code(encoding)).putShort((short) 0);
    out.putInt(positions).putInt(vocabularySize).putInt(size).putLong(sequenceKey);
    out.put(HEX.parseHex(fingerprint));
  }

  /**
   * Reads a header and compares it with this one.
   *
   * @throws SignalException naming the first field that differs, with both values
   */
  void requireNext(ByteBuffer in) {
    same("magic number", HEX.toHexDigits(MAGIC), HEX.toHexDigits(in.getInt()));
    same("format version", VERSION, in.get());
    same("encoding", code(encoding), in.get());
    same("reserved bytes", 0, (int) in.getShort());
    same("positions", positions, in.getInt());
    same("vocabularySize", vocabularySize, in.getInt());
    same("size", size, in.getInt());
    same("sequence key", HEX.toHexDigits(sequenceKey), HEX.toHexDigits(in.getLong()));
    byte[] digest = new byte[DIGEST_BYTES];
    in.get(digest);
    same("fingerprint", fingerprint, HEX.formatHex(digest));
  }

  private static void same(String field, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new SignalException(
          "signal record: " + field + " is " + found + ", expected " + expected);
    }
  }

  private static byte code(SignalEncoding encoding) {
    return switch (encoding) {
      case Dense -> 1;
      case Sampled -> 2;
      case TopK -> 3;
      case Label -> 4;
    };
  }
}
