package dev.alambic.teacher.openai;

import dev.alambic.signal.SignalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Why a server refuses, in its own words. */
final class ErrorBody {
  private static final int MOST_BYTES = 16_384;

  private ErrorBody() {}

  /** The reason with a space before it; empty if there is none. */
  static String read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES);
    String message = message(bytes);
    String text = message == null ? new String(bytes, StandardCharsets.UTF_8) : message;
    String brief = ServerText.brief(text);
    return brief.isEmpty() ? "" : " " + brief;
  }

  /**
   * {@code message} of the object (vLLM, SGLang) or of {@code error} in it (OpenAI), or {@code
   * detail} (FastAPI); otherwise null.
   */
  private static String message(byte[] bytes) throws IOException {
    String[] found = new String[1];
    try {
      JsonAnswer.read(
          new ByteArrayInputStream(bytes),
          (json, name) -> {
            if (name.equals("error") && json.isObject()) {
              json.object((member, field) -> take(member, field, found));
            } else {
              take(json, name, found);
            }
          });
    } catch (SignalException e) {
      return found[0];
    }
    return found[0];
  }

  private static void take(JsonAnswer json, String name, String[] to) throws IOException {
    if (name.equals("message") || name.equals("detail") || name.equals("error")) {
      String text = json.text();
      to[0] = text == null ? to[0] : text;
    } else {
      json.skip();
    }
  }
}
