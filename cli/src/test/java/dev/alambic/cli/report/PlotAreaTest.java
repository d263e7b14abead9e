package dev.alambic.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PlotAreaTest {
  private static final PlotArea AREA = new PlotArea(100, 50, 500, 250, 1e3, 1e7, 2, 6);

  @Test
  void tokensLieOnALogarithmicAxisAndStayInside() {
    assertThat(AREA.x(1e3)).isEqualTo(100);
    assertThat(AREA.x(1e5)).isCloseTo(300, within(1e-9));
    assertThat(AREA.x(1e9)).isEqualTo(500);
    assertThat(AREA.x(0)).isEqualTo(100);
  }

  @Test
  void lossesLieOnALinearAxisUpward() {
    assertThat(AREA.y(2)).isEqualTo(250);
    assertThat(AREA.y(6)).isEqualTo(50);
    assertThat(AREA.y(3)).isEqualTo(200);
  }

  @Test
  void ticksAreRoundAndFewEnough() {
    assertThat(AREA.tokenTicks(5))
        .containsExactly(1000L, 10_000L, 100_000L, 1_000_000L, 10_000_000L);
    assertThat(AREA.tokenTicks(20)).startsWith(1000L, 2000L, 5000L);
    assertThat(AREA.tokenTicks(3)).containsExactly(1000L, 100_000L, 10_000_000L);
    assertThat(AREA.lossTicks(4)).containsExactly(2.0, 3.0, 4.0, 5.0, 6.0);
    assertThat(new PlotArea(0, 0, 1, 1, 1, 2, 3.01, 3.052).lossTicks(4))
        .hasSize(5)
        .first()
        .satisfies(t -> assertThat(t).isCloseTo(3.01, within(1e-9)));
  }
}
