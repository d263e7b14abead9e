package dev.alambic.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** With answers that come when the test says so, and a clock of its own. */
class ProgressFeedTest {
  private Instant now = Instant.parse("2026-11-24T12:00:00Z");
  private final Map<URI, List<CompletableFuture<Progress>>> asked = new HashMap<>();
  private final List<String> news = new ArrayList<>();
  private final ProgressFeed<String> feed = new ProgressFeed<>(this::ask, () -> now, news::add);

  private CompletableFuture<Progress> ask(URI uri) {
    CompletableFuture<Progress> answer = new CompletableFuture<>();
    asked.computeIfAbsent(uri, key -> new ArrayList<>()).add(answer);
    return answer;
  }

  private static TrainerAddress trainer(String name) {
    return new TrainerAddress(name + "-uid", URI.create("http://" + name + ":8080/progress"));
  }

  private List<CompletableFuture<Progress>> asked(String name) {
    return asked.getOrDefault(trainer(name).uri(), List.of());
  }

  private static Progress progress(long tokens) {
    return TestProgress.progress(Progress.State.Training, tokens);
  }

  @Test
  void anAnswerIsKeptAndIsNews() {
    assertThat(feed.follow("a", trainer("a"))).isEmpty();
    feed.askThoseDue();
    asked("a").get(0).complete(progress(1));
    assertThat(feed.follow("a", trainer("a"))).contains(progress(1));
    assertThat(news).containsExactly("a");
  }

  @Test
  void theSameAnswerAgainIsNoNews() {
    feed.follow("a", trainer("a"));
    for (int i = 0; i < 3; i++) {
      feed.askThoseDue();
      asked("a").get(i).complete(progress(1));
      now = now.plus(ProgressFeed.INTERVAL);
    }
    assertThat(news).containsExactly("a");
  }

  @Test
  void aTrainerIsAskedAtIntervalsAndMoreOftenUntilItAnswers() {
    feed.follow("a", trainer("a"));
    feed.askThoseDue();
    asked("a").get(0).completeExceptionally(new IllegalStateException("not yet"));
    now = now.plus(ProgressFeed.FIRST_INTERVAL);
    feed.askThoseDue();
    asked("a").get(1).complete(progress(1));
    now = now.plus(ProgressFeed.FIRST_INTERVAL);
    feed.askThoseDue();
    assertThat(asked("a")).hasSize(2);
    now = now.plus(ProgressFeed.INTERVAL);
    feed.askThoseDue();
    assertThat(asked("a")).hasSize(3);
  }

  @Test
  void aSlowTrainerIsNotAskedTwiceAndDelaysNoOther() {
    feed.follow("slow", trainer("slow"));
    feed.follow("a", trainer("a"));
    feed.askThoseDue();
    asked("a").get(0).complete(progress(1));
    now = now.plus(ProgressFeed.INTERVAL.multipliedBy(3));
    feed.askThoseDue();
    assertThat(asked("slow")).hasSize(1);
    assertThat(asked("a")).hasSize(2);
  }

  @Test
  void noMoreThanSoManyAreAskedAtOnce() {
    for (int i = 0; i < 200; i++) {
      feed.follow("j" + i, trainer("j" + i));
    }
    feed.askThoseDue();
    assertThat(asked).hasSize(64);
    asked.values().forEach(answers -> answers.get(0).complete(progress(1)));
    feed.askThoseDue();
    assertThat(asked).hasSize(128);
  }

  @Test
  void aFailedAnswerKeepsTheLastGoodOne() {
    feed.follow("a", trainer("a"));
    feed.askThoseDue();
    asked("a").get(0).complete(progress(1));
    now = now.plus(ProgressFeed.INTERVAL);
    feed.askThoseDue();
    asked("a").get(1).completeExceptionally(new IllegalStateException("reset"));
    assertThat(feed.follow("a", trainer("a"))).contains(progress(1));
  }

  @Test
  void anotherPodStartsWithNothingAndALateAnswerOfTheFirstIsNoNews() {
    feed.follow("a", trainer("a"));
    feed.askThoseDue();
    assertThat(feed.follow("a", trainer("b"))).isEmpty();
    asked("a").get(0).complete(progress(1));
    assertThat(feed.follow("a", trainer("b"))).isEmpty();
    assertThat(news).isEmpty();
  }

  @Test
  void aTrainerThatNobodyFollowsIsForgotten() {
    feed.follow("a", trainer("a"));
    feed.follow("b", trainer("b"));
    feed.forget("a");
    assertThat(feed.size()).isEqualTo(1);
    now = now.plus(ProgressFeed.FORGET).plusSeconds(1);
    feed.askThoseDue();
    assertThat(feed.size()).isZero();
    assertThat(asked).isEmpty();
  }
}
