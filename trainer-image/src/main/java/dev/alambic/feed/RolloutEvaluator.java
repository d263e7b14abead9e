package dev.alambic.feed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.model.Decoder;
import dev.alambic.rollout.Answer;
import dev.alambic.rollout.Answering;
import dev.alambic.rollout.Question;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.step.LossSums;
import dev.alambic.step.Objective;
import dev.alambic.step.Targets;
import java.util.ArrayList;
import java.util.List;

/**
 * The divergence from a student to its teacher, KL(student || teacher), on the student's own
 * answers to held-out prompts, drawn at temperature 1. Exact at each position where the signal is
 * the whole distribution at temperature 1; otherwise by the tokens that were drawn, whose mean of
 * log s - log t is an unbiased estimate. TopK would only bound it.
 */
final class RolloutEvaluator implements Evaluation {
  private final List<Question> questions;
  private final Answering answering;
  private final SignalSource teacher;
  private final Objective objective;
  private final int microBatch;
  private final boolean exact;

  RolloutEvaluator(
      RunSpec spec, List<Question> questions, Answering answering, SignalSource teacher) {
    this.questions = questions;
    this.answering = answering;
    this.teacher = teacher;
    this.objective =
        new Objective(answering.decoder(), new RunSpec.Objective(Divergence.ReverseKL, 1, 0, 0.5));
    this.microBatch = spec.training().microBatchSequences();
    this.exact = spec.objective().temperature() == 1;
  }

  @Override
  public CurvePoint evaluate(long tokens, boolean constantRate) throws InterruptedException {
    List<Answer> answers = answering.all(questions.iterator());
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < answers.size(); from += microBatch) {
      List<Answer> part = answers.subList(from, Math.min(answers.size(), from + microBatch));
      sums = sums.plus(score(examples(part)));
    }
    return new CurvePoint(
        tokens, null, sums.meanDivergence(), null, sums.meanMasses(), constantRate);
  }

  private List<Example> examples(List<Answer> answers) throws InterruptedException {
    List<Signal> signals =
        BatchFeed.await(teacher.score(answers.stream().map(Answer::sequence).toList()));
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Signal signal = signals.get(i);
      boolean whole = exact && signal instanceof DenseSignal;
      examples.add(RolloutFeed.example(answers.get(i), whole ? signal : LabelSignal.of(signal)));
    }
    return examples;
  }

  private LossSums score(List<Example> examples) {
    Decoder decoder = answering.decoder();
    int time = examples.stream().mapToInt(Example::positions).max().orElseThrow();
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, examples.stream().map(Example::tokens).toList(), time);
      return objective.evaluate(scope, decoder.hidden(scope, ids), new Targets(examples, time));
    }
  }

  @Override
  public void close() {
    objective.close();
  }
}
