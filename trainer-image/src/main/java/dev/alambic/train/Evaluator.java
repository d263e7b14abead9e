package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.data.Corpus;
import dev.alambic.model.Decoder;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Signal;
import java.util.List;

/** Scores a student on a fixed held-out set: always the same sequences, the same draws. */
final class Evaluator implements Evaluation {
  private final List<Example> heldOut;
  private final int microBatch;
  private final Decoder decoder;
  private final Objective objective;
  private final Double teacherCrossEntropy;

  private Evaluator(
      List<Example> heldOut,
      int microBatch,
      Decoder decoder,
      double temperature,
      Double teacherCrossEntropy) {
    this.heldOut = heldOut;
    this.microBatch = microBatch;
    this.decoder = decoder;
    this.objective =
        new Objective(decoder, new RunSpec.Objective(Divergence.ForwardKL, temperature, 0, 0.5));
    this.teacherCrossEntropy = teacherCrossEntropy;
  }

  /**
   * An evaluator over the run's held-out sequences; the teacher is asked once.
   *
   * @throws RunException when the {@link TeacherGate} refuses the teacher
   * @throws InterruptedException when the run is asked to stop while waiting for the teacher
   */
  static Evaluator prepare(RunSpec spec, Corpus corpus, SignalSource teacher, Decoder decoder)
      throws InterruptedException {
    List<int[]> tokens = RunSequences.heldOut(spec, corpus);
    List<Signal> signals = teacher == null ? null : BatchFeed.await(teacher.score(tokens));
    Double teacherLoss =
        signals == null
            ? null
            : TeacherGate.check(
                spec.teacher().modelPath(),
                corpus.train(),
                decoder.config().vocabularySize(),
                tokens,
                signals);
    return new Evaluator(
        BatchFeed.examples(tokens, signals),
        spec.training().microBatchSequences(),
        decoder,
        spec.objective().temperature(),
        teacherLoss);
  }

  @Override
  public CurvePoint evaluate(long tokens, boolean constantRate) {
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < heldOut.size(); from += microBatch) {
      sums = sums.plus(score(heldOut.subList(from, Math.min(heldOut.size(), from + microBatch))));
    }
    return new CurvePoint(
        tokens,
        sums.meanCrossEntropy(),
        teacherCrossEntropy == null ? null : sums.meanDivergence(),
        teacherCrossEntropy,
        teacherCrossEntropy == null ? null : sums.meanMasses(),
        constantRate);
  }

  private LossSums score(List<Example> examples) {
    int time = examples.get(0).tokens().length - 1;
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
