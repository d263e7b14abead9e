package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.Count;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a spec's numbers and collects what is wrong with them, so that a user sees all problems at
 * once. A field that is wrong reads as its default.
 */
final class SpecReader {
  private final List<String> problems = new ArrayList<>();

  void problem(String field, String reason) {
    problems.add("spec." + field + ": " + reason);
  }

  void require(boolean holds, String field, String reason) {
    if (!holds) {
      problem(field, reason);
    }
  }

  /** A positive count, or {@code absent} if the field is null or wrong. */
  long count(String field, String text, long absent) {
    if (text == null) {
      return absent;
    }
    try {
      return positive(field, Count.parse(text), absent);
    } catch (IllegalArgumentException e) {
      problem(field, e.getMessage());
      return absent;
    }
  }

  /** A positive integer, or {@code absent} if the field is null or wrong. */
  int count(String field, Integer value, int absent) {
    return value == null ? absent : (int) positive(field, value, absent);
  }

  private long positive(String field, long value, long absent) {
    if (value <= 0) {
      problem(field, value + " must be positive");
      return absent;
    }
    return value;
  }

  /** A decimal within [low, high], or {@code absent} if the field is null or wrong. */
  double decimal(String field, String text, double low, double high, double absent) {
    if (text == null) {
      return absent;
    }
    double value = parse(text);
    if (!(value >= low && value <= high)) {
      problem(field, quoted(text) + " must be a number from " + plain(low) + " to " + plain(high));
      return absent;
    }
    return value;
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static String quoted(String text) {
    return "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + "\"";
  }

  private static String plain(double value) {
    return new BigDecimal(String.valueOf(value)).stripTrailingZeros().toPlainString();
  }

  /**
   * Ends the reading.
   *
   * @throws PlanException if there was any problem
   */
  void check() throws PlanException {
    if (!problems.isEmpty()) {
      throw new PlanException(problems);
    }
  }
}
