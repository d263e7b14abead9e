package dev.alambic.feed;

import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.progress.TimeSpent;
import dev.alambic.prompt.Prompts;
import dev.alambic.rollout.Answering;
import dev.alambic.rollout.Questions;
import dev.alambic.run.RunSpec;
import dev.alambic.step.RunState;
import java.util.Set;

/**
 * Prompts, which the student answers; of the answers the teacher says what it would have said
 * (generalised knowledge distillation, arXiv 2306.13649).
 *
 * @param end tokens that end an answer
 * @param clock takes the time of answering
 * @param gated whether a teacher is refused to which the first answers are no likelier than chance
 */
public record RolloutMaterial(
    RunSpec spec,
    Prompts prompts,
    Set<Integer> end,
    SignalSource teacher,
    Decoder student,
    TimeSpent clock,
    boolean gated)
    implements Material {
  /** How the student answers without temperature and top-p. */
  private static final double AS_IT_IS = 1;

  @Override
  public String digest() {
    return prompts.digest();
  }

  @Override
  public BatchSource batches(RunState state) {
    RunSpec.Rollout rollout = spec.rollout();
    RolloutFeed feed =
        new RolloutFeed(
            new Questions(prompts.train(), spec.training().numerics().seed(), rollout),
            answering(rollout.temperature(), rollout.topP()),
            teacher,
            spec.training().batchTokens(),
            clock);
    return gated ? new GatedAnswers(feed, gate()) : feed;
  }

  private TeacherGate.OfAnswers gate() {
    return new TeacherGate.OfAnswers(
        spec.teacher().modelPath(), student.config().vocabulary().size());
  }

  @Override
  public Evaluation evaluation() {
    return new RolloutEvaluator(
        spec,
        Questions.heldOut(prompts.heldOut(), spec.evaluation().sequences()),
        answering(AS_IT_IS, AS_IT_IS),
        teacher);
  }

  private Answering answering(double temperature, double topP) {
    RunSpec.Rollout rollout = spec.rollout();
    return new Answering(
        student,
        new Sampling(temperature, topP, rollout.seed()),
        rollout.maxNewTokens(),
        spec.training().sequenceLength(),
        end,
        rollout.slots());
  }
}
