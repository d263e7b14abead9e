package dev.alambic.teacher.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://a:8000, http://a:8000/v1/models",
    "http://a:8000/, http://a:8000/v1/models",
    "http://a:8000/v1, http://a:8000/v1/models",
    "https://a.b/gemma/v1/, https://a.b/gemma/v1/models",
    "http://[::1]:8000/v1, http://[::1]:8000/v1/models",
  })
  void namesTheServer(String address, String models) {
    assertThat(ServerUrl.of(address).at("/v1/models")).hasToString(models);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:8000", "ftp://a", "http://", "http://a b", "http://a?k=1", "/v1"})
  void anythingElseIsNone(String address) {
    assertThatThrownBy(() -> ServerUrl.of(address)).hasMessageStartingWith("teacher.endpoint: ");
  }

  @Test
  void aPasswordIsNotRepeated() {
    assertThatThrownBy(() -> ServerUrl.of("http://me:secret@a/v1"))
        .hasMessageContaining("give a key in teacher.apiKey")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aKeyIsOneWord() {
    assertThatThrownBy(() -> ApiKey.of("two words")).hasMessageNotContaining("two words");
    assertThatThrownBy(() -> ApiKey.of("a\r\nX-Evil: 1")).hasMessageNotContaining("Evil");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          7 | 7
          0 | 0
          -7 | 0
          soon | 0
          99999999999 | 0
          Wed, 1 May 2024 12:00:16 GMT | 16
          Wed, 1 May 2024 11:00:00 GMT | 0
          """)
  void readsWhenToComeBack(String header, long seconds) {
    assertThat(RetryAfter.parse(header, FakeTiming.START)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
