package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeRuleTest {
  /** Gemma 2's published budgets lie within the rule's error, whose estimate is of their order. */
  @ParameterizedTest
  @CsvSource({"2.6e9, 2e12", "9e9, 8e12", "27e9, 13e12"})
  void holdsThePublishedBudgets(double parameters, double tokens) {
    SizeRule rule = SizeRule.of((long) parameters);

    assertThat((double) rule.estimate()).isBetween(tokens / 1.6, 1.6 * tokens);
    assertThat(tokens).isBetween((double) rule.low(), (double) rule.high());
  }

  @Test
  void putsTheTokenTermAtAQuarterOfTheSizeTerm() {
    double tokenTerm = 2085.43 * Math.pow((double) SizeRule.of(1_000_000_000).estimate(), -0.3658);

    assertThat(tokenTerm / (482.01 * Math.pow(1e9, -0.3478))).isCloseTo(0.25, within(1e-6));
  }

  @Test
  void aLargerStudentSaturatesLater() {
    assertThat(SizeRule.of(40_000).estimate()).isGreaterThan(3 * SizeRule.of(10_000).estimate());
  }
}
