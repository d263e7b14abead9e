package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void areRoundedUpToWholeUnits() {
    assertThat(Bytes.roundedUp(1, Bytes.GI)).hasToString("1Gi");
    assertThat(Bytes.roundedUp(Bytes.GI, Bytes.GI)).hasToString("1Gi");
    assertThat(Bytes.roundedUp(Bytes.GI + 1, Bytes.GI)).hasToString("2Gi");
    assertThat(Bytes.roundedUp(1500 * Bytes.MI, Bytes.MI)).hasToString("1500Mi");
  }

  @Test
  void areWrittenInTheLargestUnitThatLeavesThemWhole() {
    assertThat(Bytes.roundedUp(2048 * Bytes.MI, Bytes.MI)).hasToString("2Gi");
    assertThat(Bytes.roundedUp(1024 * Bytes.GI, Bytes.GI)).hasToString("1Ti");
    assertThat(Bytes.roundedUp(1536 * Bytes.GI, Bytes.GI)).hasToString("1536Gi");
  }
}
