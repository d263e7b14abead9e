package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {
  /** Printed tables of the distribution. */
  @ParameterizedTest
  @CsvSource({"3, 2.353, 5.841", "4, 2.132, 4.604", "8, 1.860, 3.355", "30, 1.697, 2.750"})
  void agreesWithTheTables(int freedom, double quantile95, double quantile995) {
    assertThat(StudentT.QUANTILE_95.at(freedom))
        .isCloseTo(quantile95, Percentage.withPercentage(1));
    assertThat(StudentT.QUANTILE_995.at(freedom))
        .isCloseTo(quantile995, Percentage.withPercentage(freedom < 4 ? 5 : 2));
  }
}
