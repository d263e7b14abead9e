package dev.alambic.feed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.corpus.Corpus;
import dev.alambic.failure.RunException;
import dev.alambic.model.Decoder;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.World;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.step.LossSums;
import dev.alambic.step.Objective;
import dev.alambic.step.Targets;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores a student on a fixed held-out set: always the same sequences, the same draws. Of several
 * trainers each scores its part, in whole micro-batches, and is asked nothing of the others'.
 */
final class Evaluator implements Evaluation {
  private static final Example NOTHING = new Example(new int[2], null);

  private final List<Example> part;
  private final int microBatches;
  private final int microBatch;
  private final Decoder decoder;
  private final Collectives collectives;
  private final Objective objective;
  private final Double teacherCrossEntropy;

  /**
   * An evaluator.
   *
   * @param part held-out sequences of this trainer, one or more
   * @param microBatches of each trainer; some may have fewer to score
   */
  private Evaluator(
      List<Example> part,
      int microBatches,
      int microBatch,
      Decoder decoder,
      Collectives collectives,
      double temperature,
      Double teacherCrossEntropy) {
    this.part = part;
    this.microBatches = microBatches;
    this.microBatch = microBatch;
    this.decoder = decoder;
    this.collectives = collectives;
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
  static Evaluator prepare(
      RunSpec spec, Corpus corpus, SignalSource teacher, Decoder decoder, Collectives collectives)
      throws InterruptedException {
    List<int[]> tokens = RunSequences.heldOut(spec, corpus);
    int microBatch = spec.training().microBatchSequences();
    World world = collectives.world();
    int each = divided(divided(tokens.size(), microBatch), world.size());
    int from = Math.min(tokens.size(), world.rank() * each * microBatch);
    int to = Math.min(tokens.size(), from + each * microBatch);
    List<int[]> mine = tokens.subList(from, to);
    List<Signal> signals = teacher == null ? null : BatchFeed.await(teacher.score(mine));
    Double teacherLoss = null;
    if (signals != null) {
      teacherLoss = TeacherGate.crossEntropy(signals, collectives, each * microBatch);
      TeacherGate.check(
          spec.teacher().modelPath(),
          corpus.sample(),
          decoder.config().vocabulary().size(),
          tokens,
          teacherLoss);
    }
    return new Evaluator(
        BatchFeed.examples(mine, signals),
        each,
        microBatch,
        decoder,
        collectives,
        spec.objective().temperature(),
        teacherLoss);
  }

  /** Rounded up. */
  private static int divided(int number, int by) {
    return (number + by - 1) / by;
  }

  @Override
  public CurvePoint evaluate(long tokens, boolean constantRate) {
    List<LossSums> mine = new ArrayList<>();
    for (int i = 0; i < microBatches; i++) {
      mine.add(score(i * microBatch));
    }
    LossSums sums = LossSums.gathered(collectives, mine);
    return new CurvePoint(
        tokens,
        sums.meanCrossEntropy(),
        teacherCrossEntropy == null ? null : sums.meanDivergence(),
        teacherCrossEntropy,
        teacherCrossEntropy == null ? null : sums.meanMasses(),
        constantRate);
  }

  /** Layers that are shared out are made whole by all trainers together: so all go through them. */
  private LossSums score(int from) {
    collectives.check();
    boolean mine = from < part.size();
    List<Example> examples =
        mine ? part.subList(from, Math.min(part.size(), from + microBatch)) : List.of(NOTHING);
    int time = examples.get(0).tokens().length - 1;
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, examples.stream().map(Example::tokens).toList(), time);
      NDArray hidden = decoder.hidden(scope, ids);
      return mine ? objective.evaluate(scope, hidden, new Targets(examples, time)) : LossSums.ZERO;
    }
  }

  @Override
  public void close() {
    objective.close();
  }
}
