package dev.alambic.bench.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Sound inputs that lie beside these classes, and words of formats. */
final class Seeds {
  private static final String JSON = "{¦}¦[¦]¦:¦,¦\"¦null¦true¦-1¦1e308¦0.5¦\\u0000¦\\ud800";

  private Seeds() {}

  /** The bytes of a resource. */
  static byte[] resource(String name) {
    try (InputStream in = Seeds.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Words, with a broken bar between them. */
  static List<String> words(String words) {
    return List.of(words.split("¦", -1));
  }

  /** Words of JSON, and these. */
  static List<String> json(String more) {
    return Stream.of(JSON, more).flatMap(text -> words(text).stream()).toList();
  }
}
