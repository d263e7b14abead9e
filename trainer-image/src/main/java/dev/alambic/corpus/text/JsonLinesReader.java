package dev.alambic.corpus.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;

/** The lines of a block, each a JSON object with a document in it; blank lines are skipped. */
public final class JsonLinesReader implements PassageReader {
  /** Python's {@code json} writes NaN and Infinity, which JSON lacks. */
  public static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  public static final String TWO = "more than one JSON object on the line";

  private final Block block;
  private final String textField;
  private final LineReader lines;
  private final BadRecords bad;

  /**
   * A reader.
   *
   * @param textField a field's name, or the names on the way to it with dots between
   */
  JsonLinesReader(Block block, String textField, BadRecords bad) throws IOException {
    this.block = block;
    this.textField = textField;
    this.bad = bad;
    this.lines = new LineReader(block);
  }

  @Override
  public Passage next() throws IOException {
    for (String json = lines.next(); json != null; json = lines.next()) {
      String text = json.isBlank() ? "" : text(json);
      if (!text.isEmpty()) {
        bad.good();
        return new Passage(block.file().name(), lines.number(), false, text);
      }
    }
    return null;
  }

  /** Reads the line as a stream: only the text is kept, however large the rest. */
  private String text(String json) {
    Text text = new Text();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        return parser.nextToken() == null ? withoutText("not a JSON object") : noRecord(TWO);
      }
      search(parser, textField, text);
      if (parser.nextToken() != null) {
        return noRecord(TWO);
      }
    } catch (JsonProcessingException e) {
      return noRecord("not JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
    if (text.found == null) {
      String field = "field \"" + textField + "\"";
      return withoutText(text.named ? field + " is not a string" : "no " + field);
    }
    return text.found;
  }

  private static final class Text {
    private String found;
    private boolean named;
  }

  /** Goes through an object to its end. A field whose own name has dots is found too. */
  private static void search(JsonParser parser, String wanted, Text text) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(wanted)) {
        text.named = true;
        text.found = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT && wanted.startsWith(name + ".")) {
        search(parser, wanted.substring(name.length() + 1), text);
      } else {
        parser.skipChildren();
      }
    }
  }

  private String withoutText(String reason) {
    bad.withoutText(lines.refuse(reason));
    return "";
  }

  private String noRecord(String reason) {
    bad.noRecord(lines.refuse(reason));
    return "";
  }

  public static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
