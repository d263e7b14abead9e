package dev.alambic.feed;

import dev.alambic.progress.TimeSpent;
import dev.alambic.rollout.Answer;
import dev.alambic.rollout.Answering;
import dev.alambic.rollout.Questions;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.step.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Batches of answers that the student of this very step gives. The teacher is asked about each as
 * soon as it is done, while others are still written.
 */
final class RolloutFeed implements BatchSource {
  private final Questions questions;
  private final Answering answering;
  private final SignalSource teacher;
  private final long batchTokens;
  private final TimeSpent clock;
  private Duration waited = Duration.ZERO;

  /**
   * A feed.
   *
   * @param batchTokens tokens of answers in a batch
   */
  RolloutFeed(
      Questions questions,
      Answering answering,
      SignalSource teacher,
      long batchTokens,
      TimeSpent clock) {
    this.questions = questions;
    this.answering = answering;
    this.teacher = teacher;
    this.batchTokens = batchTokens;
    this.clock = clock;
  }

  private record Asked(Answer answer, CompletableFuture<List<Signal>> signal) {}

  @Override
  public List<Example> next(RunState state) throws InterruptedException {
    long start = System.nanoTime();
    List<Asked> asked = new ArrayList<>();
    answering.answer(
        questions.from(state.sequences(), state.step()),
        batchTokens,
        answer -> asked.add(new Asked(answer, teacher.score(List.of(answer.sequence())))));
    long written = System.nanoTime();
    List<Example> examples = new ArrayList<>(asked.size());
    for (Asked one : asked) {
      examples.add(example(one.answer(), BatchFeed.await(one.signal()).get(0)));
    }
    clock.add(written - start);
    waited = waited.plusNanos(System.nanoTime() - written);
    // Sequences of like length share a micro-batch, which is as long as its longest.
    examples.sort(Comparator.comparingInt(Example::positions).reversed());
    return examples;
  }

  /** An answer and the teacher's word on it; the prompt's own tokens don't count. */
  static Example example(Answer answer, Signal signal) {
    int first = answer.prompt().length - 1;
    return new Example(answer.sequence(), signal, first, answer.logProbabilities());
  }

  @Override
  public Duration waited() {
    return waited;
  }
}
