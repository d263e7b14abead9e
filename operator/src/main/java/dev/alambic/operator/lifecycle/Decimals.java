package dev.alambic.operator.lifecycle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as the API writes them: decimal text, because it has no floats. */
final class Decimals {
  private static final MathContext SIGNIFICANT = new MathContext(3, RoundingMode.HALF_UP);
  private static final int LOSS_DIGITS = 4;

  private Decimals() {}

  /** Four digits after the point; null for null and for what is not a number. */
  static String loss(Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : BigDecimal.valueOf(value).setScale(LOSS_DIGITS, RoundingMode.HALF_UP).toPlainString();
  }

  /** Three significant digits; null for null and for what is not a number. */
  static String significant(Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : BigDecimal.valueOf(value).round(SIGNIFICANT).stripTrailingZeros().toPlainString();
  }
}
