package dev.alambic.signal;

import dev.alambic.io.Sha256;
import dev.alambic.run.SignalSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a signal means: its teacher and its settings. Signals with equal fingerprints may be mixed,
 * others never.
 *
 * @param version of the signals' meaning, {@link #VERSION}; raised when draws or numbers change
 * @param model digests of the teacher's folder
 * @param vocabularySize ids that the distribution is over
 * @param finalSoftCap s in {@code s tanh(x / s)} on the logits; 0 for none
 * @param settings encoding, draws, seed and temperature
 */
public record Fingerprint(
    int version,
    ModelDigests model,
    int vocabularySize,
    double finalSoftCap,
    SignalSettings settings) {
  public static final int VERSION = 2;

  /**
   * A fingerprint.
   *
   * @throws IllegalArgumentException for a vocabulary of no ids
   */
  public Fingerprint {
    if (vocabularySize < 1) {
      throw new IllegalArgumentException("vocabularySize: " + vocabularySize + " must be positive");
    }
  }

  /** How many bytes its signals take. */
  public SignalSize size() {
    return new SignalSize(settings.encoding(), settings.size(), vocabularySize);
  }

  /** SHA-256 over all fields, 64 hexadecimal digits. */
  public String digest() {
    return Sha256.of(describe());
  }

  /** All fields, a line each; doubles in hexadecimal. */
  public String describe() {
    StringBuilder text = new StringBuilder("alambic signal fingerprint\n");
    fields().forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }

  /** The first field in which {@code asked} differs, with both values; empty if none does. */
  public Optional<String> differenceFrom(Fingerprint asked) {
    Map<String, String> theirs = asked.fields();
    return fields().entrySet().stream()
        .filter(field -> !field.getValue().equals(theirs.get(field.getKey())))
        .map(
            field ->
                field.getKey()
                    + " is "
                    + field.getValue()
                    + ", asked for "
                    + theirs.get(field.getKey()))
        .findFirst();
  }

  /** Doubles are written in hexadecimal: their decimal text is not the same on every JDK. */
  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("version", Integer.toString(version));
    fields.put("encoding", settings.encoding().name());
    fields.put("size", Integer.toString(settings.size()));
    fields.put("seed", Long.toString(settings.seed()));
    fields.put("temperature", exact(settings.temperature()));
    fields.put("vocabularySize", Integer.toString(vocabularySize));
    fields.put("finalSoftCap", exact(finalSoftCap));
    fields.put("tokenizer digest", model.tokenizer());
    fields.put("config digest", model.config());
    fields.put("weights digest", model.weights());
    return fields;
  }

  private static String exact(double value) {
    return Double.toHexString(value);
  }
}
