package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthTest {
  private static final long MANY = 1000;

  @Test
  void aLossExplodesThatIsOverTwiceTheMeanAndANat() {
    Health health = Health.START.good(2.5, MANY);
    assertThat(health.explodes(6.0, MANY)).isFalse();
    assertThat(health.explodes(6.1, MANY)).isTrue();
    assertThat(health.explodes(Double.NaN, MANY)).isTrue();
    assertThat(health.explodes(Double.POSITIVE_INFINITY, MANY)).isTrue();
  }

  @Test
  void aYoungRunIsNotJudgedByItsMean() {
    assertThat(Health.START.explodes(1e6, 0)).isFalse();
    assertThat(Health.START.good(2.5, 0).explodes(1e6, 31)).isFalse();
    assertThat(Health.START.explodes(Double.NaN, 0)).isTrue();
  }

  @Test
  void theMeanIsOfTheFirstLossesAndLaterForgets() {
    Health health = Health.START;
    for (int i = 0; i < 4; i++) {
      health = health.good(i, i);
    }
    assertThat(health.meanLoss()).isEqualTo(1.5);
    assertThat(health.good(33.5, MANY).meanLoss()).isEqualTo(2.5);
  }

  @Test
  void aGoodStepEndsARowOfBadOnes() {
    Health health = bad(Health.START, 7);
    assertThat(health.mustRollBack()).isFalse();
    assertThat(health.bad().mustRollBack()).isTrue();
    assertThat(health.good(1, MANY).bad().mustRollBack()).isFalse();
    assertThat(health.good(1, MANY).badSteps()).isEqualTo(7);
  }

  @Test
  void ifGoingBackDidNotHelpItGoesFurtherBack() {
    Health health = bad(Health.START, 8);
    assertThat(health.mayGoBackTo(200, Health.START)).isTrue();
    assertThat(health.mayGoBackTo(200, Health.START.bad())).isFalse();

    Health after = bad(health.rolledBack(200, Health.START.good(3, MANY)), 8);
    assertThat(after.meanLoss()).isEqualTo(3);
    assertThat(after.rollbacksInARow()).isOne();
    assertThat(after.mayGoBackTo(200, Health.START)).isFalse();
    assertThat(after.mayGoBackTo(100, Health.START)).isTrue();
    assertThat(after.rolledBack(100, Health.START).rollbacksInARow()).isEqualTo(2);
  }

  @Test
  void aRunIsSoundAgainAfter32GoodSteps() {
    Health health = bad(Health.START, 8).rolledBack(200, Health.START);
    for (int i = 0; i < 31; i++) {
      health = health.good(1, MANY);
      assertThat(health.sound()).isFalse();
    }
    health = health.good(1, MANY);
    assertThat(health.sound()).isTrue();
    assertThat(health.bad().sound()).isFalse();
    health = health.trusted();
    assertThat(health.rollbacksInARow()).isZero();
    assertThat(health.rollbacks()).isOne();
    assertThat(health.mayGoBackTo(300, Health.START)).isTrue();
  }

  private static Health bad(Health health, int steps) {
    Health later = health;
    for (int i = 0; i < steps; i++) {
      later = later.bad();
    }
    return later;
  }
}
