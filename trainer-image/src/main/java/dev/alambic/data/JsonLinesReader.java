package dev.alambic.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.alambic.run.RunException;
import java.io.IOException;

/** A file with one JSON object a line, each a document; blank lines are skipped. */
final class JsonLinesReader implements PassageReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final CorpusFile file;
  private final String textField;
  private final LineReader lines;

  JsonLinesReader(CorpusFile file, String textField) throws IOException {
    this.file = file;
    this.textField = textField;
    this.lines = new LineReader(file);
  }

  @Override
  public Passage next() throws IOException {
    for (String json = lines.next(); json != null; json = lines.next()) {
      String text = json.isBlank() ? "" : text(json);
      if (!text.isEmpty()) {
        return new Passage(file.name(), lines.number(), false, text);
      }
    }
    return null;
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
    return lines.refuse(reason);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
