package dev.alambic.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignalSizeTest {

  @ParameterizedTest
  @CsvSource({
    // encoding, size, vocabulary, positions, bytes by docs/signal-format.md
    "Label,   1,    256000, 10, 104", // 64 + 4 x 10
    "Dense,   0,    1000,   2,  8072", // 64 + 8 + 2 x 4000
    "TopK,    64,   256000, 1,  342", // 64 + 4 + (64 x 34 + 16) / 8
    "TopK,    64,   2,      8,  146", // 64 + 32 + 8 x (2 x 17 + 16) / 8
    "Sampled, 50,   256000, 1,  193" // 64 + 4 + (50 x 19 + 50) / 8
  })
  void theLargestRecordIsAsTheFormatHasIt(
      SignalEncoding encoding, int size, int vocabulary, int positions, long bytes) {
    SignalSize signal = new SignalSize(encoding, size, vocabulary);

    assertThat(signal.largestRecord(positions)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void theLongestSequenceIsTheLastThatFits(SignalEncoding encoding) {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      SignalSize signal =
          new SignalSize(encoding, 1 + random.nextInt(4096), 2 + random.nextInt(1 << 18));
      long longest = signal.longestSequence();

      assertThat(signal.largestRecord((int) longest))
          .isLessThanOrEqualTo(SignalSize.MOST_RECORD_BYTES);
      assertThat(signal.largestRecord((int) longest + 2))
          .isGreaterThan(SignalSize.MOST_RECORD_BYTES);
    }
  }
}
