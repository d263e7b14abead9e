package dev.alambic.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Templates and style sheets that lie beside these classes. */
final class ReportResource {
  private ReportResource() {}

  /** The text of one. */
  static String text(String name) {
    try (InputStream in = ReportResource.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
