package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.ScoreQueue.Admission;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreQueueTest {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, 4, 1, 1);
  private static final SignalSettings OTHER = new SignalSettings(SignalEncoding.Sampled, 4, 2, 1);

  private final ScoreQueue queue = new ScoreQueue(10, 25);

  private static ScoreTask task(int tokens, SignalSettings settings) {
    return new ScoreTask(List.of(new int[tokens]), settings);
  }

  @Test
  void aBatchIsFilledInOrderUpToItsTokens() throws InterruptedException {
    ScoreTask a = task(4, SETTINGS);
    ScoreTask b = task(6, SETTINGS);
    ScoreTask c = task(1, SETTINGS);
    List.of(a, b, c).forEach(queue::offer);
    assertThat(queue.take()).containsExactly(a, b);
    assertThat(queue.take()).containsExactly(c);
    assertThat(queue.tokens()).isZero();
  }

  @Test
  void settingsAreNotMixedInABatch() throws InterruptedException {
    ScoreTask a = task(2, SETTINGS);
    ScoreTask b = task(2, OTHER);
    ScoreTask c = task(2, SETTINGS);
    List.of(a, b, c).forEach(queue::offer);
    assertThat(queue.take()).containsExactly(a);
    assertThat(queue.take()).containsExactly(b);
    assertThat(queue.take()).containsExactly(c);
  }

  @Test
  void whatIsBeyondTheBoundIsRefusedButAnEmptyQueueTakesAny() throws InterruptedException {
    assertThat(queue.offer(task(30, SETTINGS))).isEqualTo(Admission.ACCEPTED);
    assertThat(queue.offer(task(1, SETTINGS))).isEqualTo(Admission.FULL);
    assertThat(queue.take()).hasSize(1);
    assertThat(queue.offer(task(20, SETTINGS))).isEqualTo(Admission.ACCEPTED);
    assertThat(queue.offer(task(5, SETTINGS))).isEqualTo(Admission.ACCEPTED);
    assertThat(queue.offer(task(1, SETTINGS))).isEqualTo(Admission.FULL);
    assertThat(queue.tokens()).isEqualTo(25);
    assertThat(queue.requests()).isEqualTo(2);
  }

  @Test
  void whatIsTakenOutMakesRoom() throws InterruptedException {
    ScoreTask a = task(20, SETTINGS);
    ScoreTask b = task(5, SETTINGS);
    queue.offer(a);
    queue.offer(b);
    queue.remove(a);
    assertThat(queue.tokens()).isEqualTo(5);
    assertThat(queue.take()).containsExactly(b);
  }

  @Test
  void aClosedQueueGivesWhatItHasAndThenNothing() throws InterruptedException {
    ScoreTask a = task(2, SETTINGS);
    queue.offer(a);
    queue.close();
    assertThat(queue.offer(task(2, SETTINGS))).isEqualTo(Admission.CLOSED);
    assertThat(queue.take()).containsExactly(a);
    assertThat(queue.take()).isEmpty();
  }
}
