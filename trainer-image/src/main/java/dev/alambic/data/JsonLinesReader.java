package dev.alambic.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.alambic.run.RunException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;

/** A file with one JSON object a line, each a document; blank lines are skipped. */
final class JsonLinesReader implements PassageReader {
  /** Longest line, in bytes. */
  static final int LONGEST = 16 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final CorpusFile file;
  private final String textField;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int filled;
  private byte[] line = new byte[1 << 12];
  private int length;
  private long number;

  JsonLinesReader(CorpusFile file, String textField) throws IOException {
    this.file = file;
    this.textField = textField;
    this.in = Files.newInputStream(file.path());
  }

  @Override
  public Passage next() throws IOException {
    while (readLine()) {
      String json = Utf8.decode(line, length, file.path(), number + 1);
      String text =
          json.isBlank() ? "" : text(number == 0 ? Utf8.withoutByteOrderMark(json) : json);
      long read = number++;
      if (!text.isEmpty()) {
        return new Passage(file.name(), read, false, text);
      }
    }
    return null;
  }

  /** Reads up to a line break or the end; false at the end of the file. */
  private boolean readLine() throws IOException {
    length = 0;
    while (true) {
      if (position == filled) {
        position = 0;
        filled = Math.max(0, in.read(buffer));
        if (filled == 0) {
          return length > 0;
        }
      }
      int end = position;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(end);
      position = end;
      if (end < filled) {
        position++;
        return true;
      }
    }
  }

  private void append(int end) {
    int more = end - position;
    if (length + more > LONGEST) {
      throw refuse("longer than " + (LONGEST >> 20) + " MiB");
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    System.arraycopy(buffer, position, line, length, more);
    length += more;
  }

  /** Reads the line as a stream: only the text is kept, however large the rest. */
  private String text(String json) {
    String text = null;
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw refuse("not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(textField);
        JsonToken value = parser.nextToken();
        if (wanted && value != JsonToken.VALUE_STRING) {
          throw refuse("field \"" + textField + "\" is not a string");
        }
        text = wanted ? parser.getText() : text;
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw refuse("more than one JSON object on the line");
      }
    } catch (JsonProcessingException e) {
      throw refuse("not JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
    if (text == null) {
      throw refuse("no field \"" + textField + "\"");
    }
    return text;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  private RunException refuse(String reason) {
    return Utf8.refuse(file.path(), number + 1, reason);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
