package dev.alambic.api.v1alpha1;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts of tokens and parameters as the field writes them: {@code 500M}, {@code 2.6B}, {@code 2T},
 * or a plain integer. K, M, B and T are powers of a thousand.
 */
public final class Count {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([KMBT]?)");
  private static final String SUFFIXES = "KMBT";

  private Count() {}

  /**
   * Reads a count.
   *
   * @throws IllegalArgumentException saying what is wrong, if it is none, not whole or too large
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a count: write 2T, 2.6B, 500M, 10K or a plain integer");
    }
    int power = 3 * (SUFFIXES.indexOf(form.group(2)) + 1);
    try {
      return new BigDecimal(form.group(1))
          .scaleByPowerOfTen(form.group(2).isEmpty() ? 0 : power)
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a whole number below 9.2e18", e);
    }
  }

  /** Writes a count with about three digits: {@code 1.23T}, {@code 940M}, {@code 17}. */
  public static String format(long count) {
    BigDecimal value = BigDecimal.valueOf(count);
    String suffix = "";
    for (int i = 0;
        i < SUFFIXES.length() && value.abs().compareTo(BigDecimal.valueOf(999.5)) >= 0;
        i++) {
      value = value.movePointLeft(3);
      suffix = SUFFIXES.substring(i, i + 1);
    }
    int whole = value.precision() - value.scale();
    BigDecimal rounded = value.setScale(Math.max(0, 3 - Math.max(1, whole)), RoundingMode.HALF_UP);
    String digits = rounded.stripTrailingZeros().toPlainString();
    return digits + suffix;
  }
}
