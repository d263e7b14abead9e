package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void theDeviationIsTheSamplesOne() {
    assertThat(Numbers.mean(2, 4, 9)).isEqualTo(5);
    assertThat(Numbers.deviation(2, 4, 9)).isCloseTo(Math.sqrt((9 + 1 + 16) / 2.0), within(1e-12));
    assertThat(Numbers.deviation(2)).isNaN();
  }

  @Test
  void theMedianOfAnEvenCountIsTheMiddlesMean() {
    assertThat(Numbers.median(9, 1, 5)).isEqualTo(5);
    assertThat(Numbers.median(9, 1, 5, 2)).isEqualTo(3.5);
  }

  @Test
  void numbersReadTheSameOnEveryMachine() {
    Locale.setDefault(Locale.GERMANY);
    assertThat(Numbers.decimal(2, 3.14159)).isEqualTo("3.14");
    assertThat(Numbers.signed(1, 0.25)).isEqualTo("+0.3");
    assertThat(Numbers.signed(1, -0.26)).isEqualTo("-0.3");
    assertThat(Numbers.decimal(2, Double.NaN)).isEqualTo("-");
  }

  @Test
  void countsAreShort() {
    assertThat(Numbers.count(512)).isEqualTo("512");
    assertThat(Numbers.count(409_600)).isEqualTo("410K");
    assertThat(Numbers.count(1_638_400)).isEqualTo("1.64M");
    assertThat(Numbers.count(19_933_696)).isEqualTo("19.9M");
  }
}
