package dev.alambic.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountTest {
  @ParameterizedTest
  @CsvSource({
    "17,17",
    "10K,10000",
    "2.6B,2600000000",
    "2T,2000000000000",
    "1.5M,1500000",
    "0,0",
    "0.1K,100"
  })
  void reads(String text, long count) {
    assertThat(Count.parse(text)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2X", "-1", "", "T", "1.5", "1e9", "2 T", "99999999999T", "2t", "١K"})
  void refusesByName(String text) {
    assertThatThrownBy(() -> Count.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "17,17",
    "999,999",
    "1000,1K",
    "1234567,1.23M",
    "2000000000000,2T",
    "999999,1M",
    "940000000,940M",
    "2614341888,2.61B",
    "0,0"
  })
  void writes(long count, String text) {
    assertThat(Count.format(count)).isEqualTo(text);
  }
}
