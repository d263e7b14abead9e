package dev.alambic.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The JSON header of a safetensors file, checked: the tensors tile the data exactly, in any order
 * of names, without overlap, hole or rest (huggingface/safetensors, "Format").
 */
final class SafetensorsHeader {

  /**
   * Where a tensor lies.
   *
   * @param begin first byte, counted from the start of the data
   * @param end the byte after its last
   */
  record Entry(String name, DType dtype, TensorShape shape, long begin, long end) {}

  /** What is wrong with a header; the message is for the user, the file's name comes before it. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    /** Text from the file is in it: control characters must not reach a terminal. */
    Malformed(String message) {
      super(UNPRINTABLE.matcher(message).replaceAll("?"));
    }
  }

  private static final String METADATA = "__metadata__";
  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_DIMENSIONS = 8;
  private static final int LONGEST_NAME = 512;
  private static final Pattern UNPRINTABLE = Pattern.compile("\\p{C}");

  /** Streamed, not bound to a tree, and without caches of names: a hostile header stays small. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNameLength(LONGEST_NAME)
                  .maxStringLength(1 << 16)
                  .maxNumberLength(20)
                  .build())
          .build();

  private final JsonParser parser;
  private final List<Entry> entries = new ArrayList<>();

  private SafetensorsHeader(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Parses and checks a header.
   *
   * @param dataLength bytes in the file after the header
   * @return the tensors in the order of their data
   */
  static List<Entry> parse(String json, long dataLength) throws Malformed {
    try (JsonParser parser = JSON.createParser(json)) {
      SafetensorsHeader header = new SafetensorsHeader(parser);
      header.readTensors();
      header.entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      checkTiling(header.entries, dataLength);
      return header.entries;
    } catch (JsonParseException | StreamConstraintsException e) {
      String message = e.getOriginalMessage().replaceAll("\\s+", " ");
      throw new Malformed("header is not sound JSON: " + shortened(message));
    } catch (IOException e) {
      throw new Malformed("header is not sound JSON: it ends too early");
    }
  }

  private void readTensors() throws IOException, Malformed {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Malformed("header is not a JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (name.isEmpty() || UNPRINTABLE.matcher(name).find()) {
        throw new Malformed("tensor \"" + name + "\": is not a name");
      }
      if (name.equals(METADATA)) {
        skipMetadata();
      } else {
        entries.add(readTensor(name));
      }
      if (entries.size() > MOST_TENSORS) {
        throw new Malformed("header lists more than " + MOST_TENSORS + " tensors");
      }
    }
    if (parser.nextToken() != null) {
      throw new Malformed("the header has data after its JSON object");
    }
  }

  private void skipMetadata() throws IOException, Malformed {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Malformed(METADATA + " is not an object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new Malformed(METADATA + " holds something other than text");
      }
    }
  }

  private Entry readTensor(String name) throws IOException, Malformed {
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw wrong(name, "is not described by an object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      switch (field) {
        case "dtype" -> dtype = readText(name);
        case "shape" -> shape = readNumbers(name, field, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = readNumbers(name, field, 2);
        default -> throw wrong(name, "has the unknown field \"" + shortened(field) + "\"");
      }
    }
    if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
      throw wrong(name, "needs dtype, shape and two data_offsets");
    }
    return entry(name, dtype, new TensorShape(shape), offsets.get(0), offsets.get(1));
  }

  private String readText(String name) throws IOException, Malformed {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw wrong(name, "has a dtype that is not text");
    }
    return parser.getText();
  }

  private List<Long> readNumbers(String name, String field, int most)
      throws IOException, Malformed {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw wrong(name, "has a " + field + " that is not an array");
    }
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (numbers.size() == most) {
        throw wrong(name, "has more than " + most + " numbers in " + field);
      }
      numbers.add(readNumber(name, field));
    }
    return numbers;
  }

  private long readNumber(String name, String field) throws IOException, Malformed {
    boolean fits =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
            && parser.getLongValue() >= 0;
    if (!fits) {
      throw wrong(name, "has a " + field + " with something other than a size in it");
    }
    return parser.getLongValue();
  }

  private static Entry entry(String name, String typeName, TensorShape shape, long begin, long end)
      throws Malformed {
    DType dtype =
        DType.named(typeName)
            .orElseThrow(
                () ->
                    wrong(
                        name,
                        "has dtype "
                            + shortened(typeName)
                            + "; only F32, F16 and BF16 are supported"));
    long bytes;
    try {
      bytes = Math.multiplyExact(shape.elements(), dtype.bytes());
    } catch (ArithmeticException overflow) {
      throw wrong(name, "has the impossible shape " + shape);
    }
    if (begin > end || end - begin != bytes) {
      String range = "[" + begin + ", " + end + "]";
      throw wrong(
          name,
          "takes " + bytes + " bytes (" + dtype + " " + shape + "), its offsets say " + range);
    }
    return new Entry(name, dtype, shape, begin, end);
  }

  private static void checkTiling(List<Entry> sorted, long dataLength) throws Malformed {
    long covered = 0;
    for (Entry entry : sorted) {
      if (entry.end() > dataLength) {
        String where = "ends at byte " + entry.end() + " of the data, which has " + dataLength;
        throw wrong(entry.name(), where + "; the file is cut short");
      }
      if (entry.begin() != covered) {
        String what =
            entry.begin() < covered ? "overlaps another tensor" : "leaves a hole before it";
        throw wrong(entry.name(), what + ", at byte " + Math.min(covered, entry.begin()));
      }
      covered = entry.end();
    }
    if (covered != dataLength) {
      throw new Malformed(dataLength - covered + " bytes at the end belong to no tensor");
    }
  }

  private static Malformed wrong(String name, String what) {
    return new Malformed("tensor " + shortened(name) + ": " + what);
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}
