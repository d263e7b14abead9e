package dev.alambic.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source text into the archive that {@code torch.jit.load} reads: a stored zip of
 * the code, and a pickle of one object of its class (serialization.md in PyTorch's source). Written
 * from trusted resources only; no pickle is ever read.
 */
final class ScriptArchive {
  /**
   * File format of TorchScript archives that this PyTorch reads and whose operators are today's.
   */
  private static final String FORMAT_VERSION = "10\n";

  private static final String CLASS = "Program";
  private static final String HEADER =
      "class "
          + CLASS
          + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /**
   * An archive with one module.
   *
   * @param methods methods of the module, each {@code def name(self, ...)}, indented by two spaces
   */
  static byte[] of(String methods) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "program/data.pkl", moduleObject());
      put(zip, "program/code/__torch__.py", (HEADER + methods).getBytes(StandardCharsets.UTF_8));
      put(zip, "program/constants.pkl", NO_CONSTANTS);
      put(zip, "program/version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The pickle of {@code Program()} with {@code training = True} as its only state. */
  private static byte[] moduleObject() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2});
    pickle.writeBytes(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', '('});
    byte[] key = "training".getBytes(StandardCharsets.US_ASCII);
    pickle.writeBytes(new byte[] {'X', (byte) key.length, 0, 0, 0});
    pickle.writeBytes(key);
    pickle.writeBytes(new byte[] {(byte) 0x88, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
