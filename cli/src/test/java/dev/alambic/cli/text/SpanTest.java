package dev.alambic.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanTest {
  @ParameterizedTest
  @CsvSource({
    "-5, 0s",
    "0, 0s",
    "59, 59s",
    "60, 1m 00s",
    "3599, 59m 59s",
    "3600, 1h 00m",
    "86399, 23h 59m",
    "86400, 1d 0h",
    "20606400, 238d 12h"
  })
  void showsTheTwoLargestUnits(long seconds, String expected) {
    assertThat(Span.format(Duration.ofSeconds(seconds))).isEqualTo(expected);
  }
}
