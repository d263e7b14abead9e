package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.SignalEncoding;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, 50, 7, 1);
  private static final ModelDigests MODEL = SignalFixtures.MODEL;
  private static final Fingerprint OWN = new Fingerprint(1, MODEL, 300, 30, SETTINGS);

  @Test
  void equalFingerprintsHaveOneDigest() {
    Fingerprint same = new Fingerprint(1, MODEL, 300, 30, SETTINGS);
    assertThat(OWN.differenceFrom(same)).isEmpty();
    assertThat(same.digest()).isEqualTo(OWN.digest()).hasSize(64);
  }

  @Test
  void theFieldThatDiffersIsNamedWithBothValues() {
    assertDiffers(new Fingerprint(2, MODEL, 300, 30, SETTINGS), "version is 1, asked for 2");
    assertDiffers(
        new Fingerprint(1, MODEL, 301, 30, SETTINGS), "vocabularySize is 300, asked for 301");
    assertDiffers(
        new Fingerprint(1, MODEL, 300, 0, SETTINGS), "finalSoftCap is 0x1.ep4, asked for 0x0.0p0");
    assertDiffers(
        new Fingerprint(
            1, new ModelDigests("x", MODEL.weights(), MODEL.tokenizer()), 300, 30, SETTINGS),
        "config digest is cccc");
    assertDiffers(
        new Fingerprint(
            1, new ModelDigests(MODEL.config(), "x", MODEL.tokenizer()), 300, 30, SETTINGS),
        "weights digest is dddd");
    assertDiffers(
        new Fingerprint(
            1, new ModelDigests(MODEL.config(), MODEL.weights(), "x"), 300, 30, SETTINGS),
        "tokenizer digest is eeee");
    assertDiffers(asking(SignalEncoding.Sampled, 51, 7, 1), "size is 50, asked for 51");
    assertDiffers(asking(SignalEncoding.Sampled, 50, 8, 1), "seed is 7, asked for 8");
    assertDiffers(asking(SignalEncoding.Sampled, 50, 7, 2), "temperature is 0x1.0p0, asked for");
    assertDiffers(asking(SignalEncoding.Dense, 0, 0, 1), "encoding is Sampled, asked for Dense");
  }

  private static Fingerprint asking(
      SignalEncoding encoding, int size, long seed, double temperature) {
    SignalSettings settings = new SignalSettings(encoding, size, seed, temperature);
    return new Fingerprint(1, MODEL, 300, 30, settings);
  }

  private static void assertDiffers(Fingerprint asked, String difference) {
    assertThat(OWN.differenceFrom(asked))
        .hasValueSatisfying(text -> assertThat(text).startsWith(difference));
    assertThat(asked.digest()).isNotEqualTo(OWN.digest());
  }

  @Test
  void aDenseSignalHasNeitherDrawsNorSeed() {
    assertThat(new SignalSettings(SignalEncoding.Dense, 50, 7, 1))
        .isEqualTo(new SignalSettings(SignalEncoding.Dense, 0, 0, 1));
    assertThat(new SignalSettings(SignalEncoding.TopK, 50, 7, 1).seed()).isZero();
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new SignalSettings(SignalEncoding.TopK, 0, 0, 1))
        .hasMessageStartingWith("signal.size: 0");
    assertThatThrownBy(() -> new SignalSettings(SignalEncoding.Sampled, 0, 0, 1))
        .hasMessageStartingWith("signal.size: 0");
    assertThatThrownBy(() -> new SignalSettings(SignalEncoding.Sampled, 70_000, 0, 1))
        .hasMessageStartingWith("signal.size: 70000");
    for (double temperature : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new SignalSettings(SignalEncoding.Sampled, 1, 0, temperature))
          .hasMessageStartingWith("objective.temperature: " + temperature);
    }
  }
}
