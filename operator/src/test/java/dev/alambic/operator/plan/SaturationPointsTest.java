package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaturationPointsTest {

  @ParameterizedTest
  @CsvSource({
    "2600000000, 2000000000000",
    "9000000000, 8000000000000",
    "27000000000, 13000000000000",
    "40000000000, 15000000000000",
    "30000000000000, 15000000000000"
  })
  void knownPointsAndTheCeiling(long parameters, long tokens) {
    assertThat(SaturationPoints.expectedTokens(parameters)).isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource({"4837354649, 3.9e12, 4.1e12", "100000, 1e7, 5e7"})
  void betweenAndBelowTheLineGoesOn(long parameters, double low, double high) {
    // The geometric mean of 2.6B and 9B is 4.84B; that of 2T and 8T is 4T.
    assertThat((double) SaturationPoints.expectedTokens(parameters)).isBetween(low, high);
  }
}
