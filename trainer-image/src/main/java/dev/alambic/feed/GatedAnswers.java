package dev.alambic.feed;

import dev.alambic.step.Example;
import dev.alambic.step.RunState;
import java.time.Duration;
import java.util.List;

/** Answers, of which the first go through a {@link TeacherGate} before they are learnt from. */
final class GatedAnswers implements BatchSource {
  private final BatchSource answers;
  private final TeacherGate.OfAnswers gate;

  GatedAnswers(BatchSource answers, TeacherGate.OfAnswers gate) {
    this.answers = answers;
    this.gate = gate;
  }

  @Override
  public List<Example> next(RunState state) throws InterruptedException {
    List<Example> batch = answers.next(state);
    if (state.step() == 0) {
      gate.check(batch);
    }
    return batch;
  }

  @Override
  public Duration waited() {
    return answers.waited();
  }
}
