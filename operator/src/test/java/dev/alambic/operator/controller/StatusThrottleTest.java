package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.LossStatus;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.ProgressStatus;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusThrottleTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final DistillationJobStatus BEFORE = status(Phase.Training, 1, "all is well", 10);

  private static DistillationJobStatus status(
      Phase phase, long generation, String message, long tokens) {
    return new DistillationJobStatus(
        phase,
        List.of(
            new ConditionBuilder()
                .withType("Training")
                .withStatus("True")
                .withReason("Stepping")
                .withMessage(message)
                .build()),
        generation,
        null,
        null,
        new ProgressStatus(tokens, 1000L, 1, null, null, null, null, null),
        null,
        new LossStatus("3." + tokens, null, null, null),
        null,
        null,
        null,
        null,
        null);
  }

  private static Duration wait(DistillationJobStatus next, Instant writtenAt) {
    return StatusThrottle.wait(BEFORE, next, writtenAt, NOW);
  }

  @Test
  void nothingIsWrittenThatIsThereAlready() {
    DistillationJobStatus same = status(Phase.Training, 1, "all is well", 10);
    assertThat(wait(same, null)).isNull();
    assertThat(wait(same, NOW.minusSeconds(3600))).isNull();
  }

  @Test
  void theFirstStatusIsWrittenAtOnce() {
    assertThat(StatusThrottle.wait(null, BEFORE, null, NOW)).isZero();
    assertThat(StatusThrottle.wait(null, BEFORE, NOW, NOW)).isZero();
  }

  @Test
  void anOperatorThatHasJustStartedWritesNumbersAtOnce() {
    assertThat(wait(status(Phase.Training, 1, "all is well", 20), null)).isZero();
  }

  @Test
  void aChangeOfStateIsWrittenAtOnce() {
    assertThat(wait(status(Phase.Complete, 1, "all is well", 10), NOW)).isZero();
    assertThat(wait(status(Phase.Training, 2, "all is well", 10), NOW)).isZero();
  }

  @Test
  void aConditionsNewMessageIsAChangeOfState() {
    assertThat(wait(status(Phase.Training, 1, "pod a was OOM-killed", 10), NOW)).isZero();
  }

  @Test
  void numbersWaitUntilTenSecondsAfterTheLastWrite() {
    DistillationJobStatus next = status(Phase.Training, 1, "all is well", 20);
    assertThat(wait(next, NOW)).isEqualTo(Duration.ofSeconds(10));
    assertThat(wait(next, NOW.minusSeconds(7))).isEqualTo(Duration.ofSeconds(3));
    assertThat(wait(next, NOW.minusSeconds(10))).isZero();
    assertThat(wait(next, NOW.minusSeconds(3600))).isZero();
  }

  @Test
  void aClockThatIsSetBackDoesNotSilenceTheNumbers() {
    DistillationJobStatus next = status(Phase.Training, 1, "all is well", 20);
    assertThat(wait(next, NOW.plusSeconds(3600))).isBetween(Duration.ZERO, StatusThrottle.INTERVAL);
  }
}
