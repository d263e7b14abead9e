package dev.alambic.cli.manifest;

import dev.alambic.api.v1alpha1.Patterns;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What the schema's patterns ask for, in words. */
final class PatternWords {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry(Patterns.COUNT, "is not a count: write 2T, 2.6B, 500M, 10K or a plain integer"),
          Map.entry(
              Patterns.DECIMAL, "is not a decimal number: write for example \"0.5\" or \"3e-4\""),
          Map.entry(Patterns.FRACTION, "is not a decimal number from 0 to 1"),
          Map.entry(
              Patterns.LOCATION,
              "is not a place: write pvc://CLAIM/PATH without \"..\", or file://PATH on this"
                  + " machine"),
          Map.entry(
              Patterns.HTTP_URL, "is not an address: write http://HOST:PORT/PATH or https://…"),
          Map.entry(
              Patterns.NAME,
              "is not a Kubernetes name: write lower-case letters, digits, '-' and '.'"),
          Map.entry(Patterns.SERVED_MODEL, "is not a model's name: it must not contain spaces"),
          Map.entry(
              Patterns.SECRET_KEY,
              "is not a key of a Secret: write letters, digits, '-', '_' and '.'"),
          Map.entry(Patterns.IMAGE, "is not an image: it must not contain spaces"),
          Map.entry(Patterns.QUANTITY, "is not a quantity: write for example 200Gi, 1500m or 8"),
          Map.entry(
              Patterns.VOLUME_SIZE, "is not a volume's size: write for example 200Gi or 1.5Ti"),
          Map.entry(
              "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
              "is not a namespace: write lower-case letters, digits and '-'"),
          Map.entry(
              "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
              "is not a label's value: write letters, digits, '-', '_' and '.'"));
  private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

  private PatternWords() {}

  /** What is wrong with the text by this pattern; empty if it matches. */
  static Optional<String> mismatch(String pattern, String text) {
    // As RE2 does, and unlike Java, $ is the very end: "2T\n" is not a count.
    Pattern compiled = COMPILED.computeIfAbsent(pattern, PatternWords::compile);
    if (compiled.matcher(text).find()) {
      return Optional.empty();
    }
    return Optional.of(Quoted.text(text) + " " + WORDS.get(pattern));
  }

  private static Pattern compile(String pattern) {
    return Pattern.compile(pattern.replaceAll("\\$$", "\\\\z"));
  }

  /** Whether there are words for the pattern. */
  static boolean knows(String pattern) {
    return WORDS.containsKey(pattern);
  }
}
