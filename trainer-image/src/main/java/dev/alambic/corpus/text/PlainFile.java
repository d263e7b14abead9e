package dev.alambic.corpus.text;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens files of text, and names those that are something else by how they begin. */
final class PlainFile {
  private static final int LONGEST_START = 16;

  private static final Map<String, String> STARTS = starts();

  private PlainFile() {}

  private static Map<String, String> starts() {
    Map<String, String> starts = new LinkedHashMap<>();
    starts.put("\u001f\u008b", "gzip: unpack it");
    starts.put("PAR1\u0015", "Parquet: write its text as JSON lines");
    starts.put("ARROW1\u0000", "Arrow: write its text as JSON lines");
    starts.put("PK\u0003\u0004", "a zip archive: unpack it");
    starts.put("(\u00b5/\u00fd", "zstd: unpack it");
    starts.put("BZh9", "bzip2: unpack it");
    starts.put("\u00fd7zXZ\u0000", "xz: unpack it");
    starts.put("7z\u00bc\u00af'\u001c", "a 7z archive: unpack it");
    starts.put("%PDF-1.", "PDF: extract its text");
    starts.put("SQLite format 3\u0000", "an SQLite database: write its text as JSON lines");
    starts.put("\u00ff\u00fe", "UTF-16: write it as UTF-8");
    starts.put("\u00fe\u00ff", "UTF-16: write it as UTF-8");
    return starts;
  }

  /**
   * Opens a file.
   *
   * @throws RunException DATA if it begins as no text does
   */
  static FileChannel open(Path file) throws IOException {
    FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
    ByteBuffer first = ByteBuffer.allocate(LONGEST_START);
    while (first.hasRemaining() && in.read(first, first.position()) > 0) {}
    String start = new String(first.array(), 0, first.position(), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> kind : STARTS.entrySet()) {
      if (start.startsWith(kind.getKey())) {
        in.close();
        throw new RunException(
            ExitCode.DATA, file + ": no text file, it looks like " + kind.getValue());
      }
    }
    return in;
  }
}
