package dev.alambic.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkersTest {
  @Test
  void oneWorkerTakesItemsInTheirOrder() throws InterruptedException {
    List<Integer> done = new ArrayList<>();
    new Workers<Integer>(1).forEach(List.of(3, 1, 2), done::add);
    assertThat(done).containsExactly(3, 1, 2);
  }

  @Test
  void twoWorkAtATime() throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(2);
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    new Workers<Integer>(2)
        .forEach(
            List.of(1, 2, 3, 4),
            item -> {
              together.await();
              done.add(item);
            });
    assertThat(done).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void aFailureInterruptsTheOthersAndStartsNoMore() {
    CountDownLatch forever = new CountDownLatch(1);
    CountDownLatch slowStarted = new CountDownLatch(1);
    AtomicBoolean third = new AtomicBoolean();
    Workers.Work<String> work =
        item -> {
          switch (item) {
            case "slow" -> {
              slowStarted.countDown();
              forever.await();
            }
            case "bad" -> {
              slowStarted.await();
              throw new IllegalArgumentException("broken");
            }
            default -> third.set(true);
          }
        };
    assertThatThrownBy(
            () -> new Workers<String>(2).forEach(List.of("slow", "bad", "slow", "third"), work))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("broken");
    assertThat(third).isFalse();
  }
}
