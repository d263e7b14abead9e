package dev.alambic.teacher.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.alambic.signal.SignalException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a server's JSON as it arrives; nothing is kept but what is asked for. */
final class JsonAnswer implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxStringLength(1 << 20)
                  .maxNameLength(1 << 12)
                  .maxNumberLength(64)
                  .build())
          .build();

  private final JsonParser parser;

  private JsonAnswer(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads one member or element, of which the parser stands at the first token. */
  interface Reader {
    void read(JsonAnswer json, String name) throws IOException;
  }

  /**
   * Reads a whole body that is one object.
   *
   * @param reader of its members
   * @throws SignalException if it isn't JSON, or not what the reader expects
   * @throws IOException if the network fails
   */
  static void read(InputStream body, Reader reader) throws IOException {
    try (JsonAnswer json = new JsonAnswer(FACTORY.createParser(body))) {
      json.parser.nextToken();
      json.object(reader);
      if (json.parser.nextToken() != null) {
        throw new SignalException("it has more after the end of its JSON");
      }
    } catch (JsonProcessingException e) {
      throw new SignalException("its answer is not the JSON it should be: " + place(e));
    } catch (CharConversionException e) {
      throw new SignalException("its answer is not the expected JSON: it is not UTF-8");
    }
  }

  private static String place(JsonProcessingException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("");
    return ServerText.brief(what)
        + (e.getLocation() == null ? "" : " (byte " + e.getLocation().getByteOffset() + ")");
  }

  /** Reads the members of the object that the parser stands at; unknown ones are skipped over. */
  void object(Reader reader) throws IOException {
    require(JsonToken.START_OBJECT, "an object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (name == null) {
        throw new SignalException("its JSON breaks off");
      }
      parser.nextToken();
      reader.read(this, name);
    }
  }

  /** Reads the elements of the array that the parser stands at; their names are null. */
  void array(Reader reader) throws IOException {
    require(JsonToken.START_ARRAY, "an array");
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      if (next == null) {
        throw new SignalException("its JSON breaks off");
      }
      reader.read(this, null);
    }
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Goes over whatever stands here. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  /** A string or null; of anything else null too, gone over. */
  String text() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    skip();
    return null;
  }

  int integer() throws IOException {
    require(JsonToken.VALUE_NUMBER_INT, "a whole number");
    return parser.getIntValue();
  }

  double number() throws IOException {
    if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
      throw unexpected("a number");
    }
    return parser.getDoubleValue();
  }

  private void require(JsonToken token, String name) throws IOException {
    if (parser.currentToken() != token) {
      throw unexpected(name);
    }
  }

  private SignalException unexpected(String name) throws IOException {
    JsonToken found = parser.currentToken();
    return new SignalException(
        "its JSON has "
            + (found == null ? "nothing" : ServerText.brief(parser.getText()))
            + " where "
            + name
            + " should be"
            + (parser.currentName() == null
                ? ""
                : " (" + ServerText.brief(parser.currentName()) + ")"));
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
