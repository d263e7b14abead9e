package dev.alambic.train;

import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.checkpoint.BackgroundSaves;
import dev.alambic.checkpoint.CheckpointStore;
import dev.alambic.checkpoint.HostWeights;
import dev.alambic.checkpoint.TrainedTensors;
import dev.alambic.checkpoint.WeightAverage;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.BatchSource;
import dev.alambic.feed.Evaluation;
import dev.alambic.feed.Material;
import dev.alambic.model.Decoder;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.World;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunSpec;
import dev.alambic.saturation.EvaluationGrid;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.SaturationJudge;
import dev.alambic.saturation.SaturationSettings;
import dev.alambic.saturation.StopRule;
import dev.alambic.step.Example;
import dev.alambic.step.Health;
import dev.alambic.step.LearningRate;
import dev.alambic.step.RunState;
import dev.alambic.step.TrainStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The loop of a run: a batch, a step, and when they are due an evaluation, a verdict and a
 * checkpoint. What happens next depends on the checkpointed {@link RunState} alone, so that a run
 * that was interrupted ends with the bits of one that was not.
 */
public final class Trainer implements AutoCloseable {
  private static final long STOP = -1;

  private final RunSpec spec;
  private final Decoder student;
  private final Collectives collectives;
  private final Material material;
  private final CheckpointStore checkpoints;
  private final BackgroundSaves saves;
  private final ProgressBoard board;
  private final BooleanSupplier stopRequested;
  private final TrainStep trainStep;
  private final WeightAverage average;
  private final EvaluationGrid grid;
  private RunState state = RunState.START;
  private Progress.Saturation judged;

  /** A trainer of {@code student} that is alone. */
  public Trainer(
      RunSpec spec,
      Decoder student,
      Material material,
      CheckpointStore checkpoints,
      ProgressBoard board,
      BooleanSupplier stopRequested) {
    this(spec, student, alone(student), material, checkpoints, board, stopRequested);
  }

  private static Partition alone(Decoder student) {
    return Partition.alone(student.manager(), student.parameters().all());
  }

  /**
   * A trainer of {@code student}.
   *
   * @param partition of the student over all its trainers; closed with this
   * @param material what it learns from
   * @param stopRequested asked before each step; a stop also interrupts the thread, which may be
   *     waiting for the teacher
   */
  public Trainer(
      RunSpec spec,
      Decoder student,
      Partition partition,
      Material material,
      CheckpointStore checkpoints,
      ProgressBoard board,
      BooleanSupplier stopRequested) {
    this(
        spec,
        student,
        partition,
        material,
        checkpoints,
        board,
        stopRequested,
        BackgroundSaves.PATIENCE);
  }

  Trainer(
      RunSpec spec,
      Decoder student,
      Partition partition,
      Material material,
      CheckpointStore checkpoints,
      ProgressBoard board,
      BooleanSupplier stopRequested,
      Duration patience) {
    this.spec = spec;
    this.student = student;
    this.collectives = partition.collectives();
    this.material = material;
    this.checkpoints = checkpoints;
    this.saves = new BackgroundSaves(checkpoints, board, patience);
    this.board = board;
    this.stopRequested = stopRequested;
    this.trainStep = new TrainStep(student, partition, spec);
    this.average = new WeightAverage(student, partition);
    this.grid = new EvaluationGrid(spec.evaluation());
  }

  /**
   * Trains from the newest checkpoint to the end, and writes the student.
   *
   * @return {@link State#Complete}, or {@link State#Suspended} when asked to stop
   * @throws RunException when the run cannot go on
   */
  public State run() {
    Thread training = Thread.currentThread();
    collectives.whenLost(why -> training.interrupt()); // It may be waiting for the teacher.
    try {
      resume();
      finishIfAsked();
      try (Evaluation evaluation = material.evaluation()) {
        return train(evaluation);
      } catch (InterruptedException e) {
        return interrupted();
      }
    } catch (RunException e) {
      collectives.leave(e.getMessage());
      throw e;
    } catch (RuntimeException | Error e) {
      collectives.leave(e.toString());
      throw e;
    }
  }

  /** While the teacher was waited for: only a trainer that is alone may save what it likes. */
  private State interrupted() {
    if (collectives.world().size() == 1) {
      return suspend();
    }
    collectives.leave("it was asked to stop");
    return State.Suspended;
  }

  /** A run whose checkpoints are all damaged is not restarted: the user may have copies. */
  private void resume() {
    Optional<RunState> restored =
        checkpoints.restore(tensors(), anyState -> true, board::checkpointDamaged);
    if (restored.isEmpty() && !board.latest().saved().damaged().isEmpty()) {
      Progress.Damage newest = board.latest().saved().damaged().get(0);
      throw new RunException(
          ExitCode.DATA,
          "no checkpoint is sound (%s: %s): restore one, or delete them all to restart"
              .formatted(newest.path(), newest.why()));
    }
    if (restored.isPresent()) {
      state = restored.get();
      board.resumed(state);
    }
  }

  /**
   * A decay that the budget asks for anyway is not started again; that of a cosine is not a final
   * one.
   */
  private void finishIfAsked() {
    boolean lastDecay =
        spec.training().rate().schedule() != Schedule.Cosine && rate().cooling(state.step());
    if (spec.saturation().finishNow() && state.cooldownStart() == null && !lastDecay) {
      state = state.coolingDown(StopCause.Request);
    }
  }

  private State train(Evaluation evaluation) throws InterruptedException {
    BatchSource batches = material.batches(state);
    judge();
    board.training(state, rate(), verdict());
    evaluateIfDue(evaluation);
    while (state.step() < rate().steps()) {
      List<Example> part = next(batches);
      long positions = agree(part);
      if (positions == STOP) {
        return suspend();
      }
      step(part, positions);
      board.stepped(state, rate(), batches.waited());
      evaluateIfDue(evaluation);
      checkpointIfDue();
    }
    return complete();
  }

  /** This trainer's part of the batch; none if it is asked to stop. */
  private List<Example> next(BatchSource batches) {
    if (stopRequested.getAsBoolean()) {
      return List.of();
    }
    try {
      return batches.next(state);
    } catch (InterruptedException e) {
      return List.of();
    }
  }

  /**
   * The positions that count in the whole batch, or that a trainer is asked to stop: then all do.
   */
  private long agree(List<Example> part) {
    double mine = part.isEmpty() ? STOP : (double) part.stream().mapToLong(Example::counted).sum();
    long positions = 0;
    for (double[] theirs : collectives.gather(new double[] {mine})) {
      if (theirs[0] == STOP) {
        return STOP;
      }
      positions += (long) theirs[0];
    }
    return positions;
  }

  private void step(List<Example> part, long positions) {
    Health health = state.health();
    long updates = state.updates();
    TrainStep.Result result =
        trainStep.run(
            part,
            positions,
            updates,
            rate().at(state.step()),
            loss -> !health.explodes(loss, updates));
    state = state.stepped(result, part.size() * collectives.world().size());
    if (result.applied()) {
      board.loss(result.loss());
      average.follow(state.updates());
    } else if (state.health().mustRollBack()) {
      rollBack();
    }
  }

  /** Weights, moments and average of a checkpoint; the batches since then are spent. */
  private void rollBack() {
    saves.settle();
    Health health = state.health();
    RunState good =
        health.rollbacksInARow() == Health.MOST_ROLLBACKS_IN_A_ROW
            ? null
            : checkpoints
                .restore(
                    tensors(),
                    then -> health.mayGoBackTo(then.step(), then.health()),
                    board::checkpointDamaged)
                .orElse(null);
    if (good == null) {
      throw new RunException(
          ExitCode.DATA,
          ("step %d: loss or gradient was not finite, or exploded, %d times in a row, after %d"
                  + " rollbacks, and there is no other checkpoint to go back to: lower"
                  + " training.peakLearningRate, and look at the data from there on")
              .formatted(state.step(), health.badInARow(), health.rollbacksInARow()));
    }
    state = state.rolledBack(good);
    finishIfAsked();
  }

  /** Also when a run is taken up that was stopped within an evaluation. */
  private void evaluateIfDue(Evaluation evaluation) throws InterruptedException {
    long after = tokens();
    long before = after - spec.training().batchTokens();
    if (after == 0 || state.isEvaluated(after)) {
      return;
    }
    if (!grid.isDue(before, after, rate().steps() * spec.training().batchTokens())) {
      return;
    }
    state = state.evaluated(evaluate(evaluation, after));
    judge();
    if (!stopRule().startDecay()
        && !rate().cooling(state.step())
        && stopRule().observe(judged, after).startDecay()) {
      state = state.coolingDown(StopCause.Saturation);
    }
    board.judged(state, verdict());
  }

  /** Judges the curve so far; once for each evaluation, as this fits it hundreds of times. */
  private void judge() {
    judged =
        SaturationJudge.judge(
            LossCurve.of(state.curve()),
            spec.saturation().minGain(),
            SaturationSettings.defaults());
  }

  /** The newest verdict; of a run that ends early with what that saves. */
  private Progress.Saturation verdict() {
    if (!stopRule().startDecay()) {
      return judged;
    }
    long decay = (rate().steps() - rate().cooldownStart()) * spec.training().batchTokens();
    return stopRule().report(judged, spec.training().tokenBudget(), decay);
  }

  /** The average at a constant rate; in a decay, which is quiet, the weights that it leads to. */
  private CurvePoint evaluate(Evaluation evaluation, long tokens) throws InterruptedException {
    return rate().constant(state.step() - 1)
        ? average.inPlace(() -> scored(evaluation, tokens, true))
        : scored(evaluation, tokens, false);
  }

  private CurvePoint scored(Evaluation evaluation, long tokens, boolean constantRate)
      throws InterruptedException {
    return trainStep.withEnds(() -> evaluation.evaluate(tokens, constantRate));
  }

  private StopRule stopRule() {
    Long start = state.cooldownStart();
    Long tokens = start == null ? null : start * spec.training().batchTokens();
    return new StopRule(spec.saturation().action(), tokens, state.stopCause());
  }

  /** One that is no better than those there are would push them out. */
  private void checkpointIfDue() {
    if (!saving()) {
      return;
    }
    saves.look();
    long every = spec.checkpoint().everyTokens();
    long after = tokens();
    boolean due = after / every != (after - spec.training().batchTokens()) / every || decayBegins();
    if (due && state.health().sound()) {
      state = state.trusted();
      checkpoint(after);
    }
  }

  /** A larger budget continues from there. */
  private boolean decayBegins() {
    return spec.training().rate().decaySteps() > 0
        && state.cooldownStart() == null
        && state.step() == spec.training().steps() - spec.training().rate().decaySteps();
  }

  /** One to which each trainer contributes is left out by all if the volume is slow for one. */
  private void checkpoint(long tokens) {
    boolean ready = saves.ready();
    if (trainStep.partition().world().size() > 1) {
      double[] mine = {ready ? 1 : 0};
      ready = collectives.gather(mine).stream().allMatch(theirs -> theirs[0] == 1);
    }
    if (ready) {
      saves.begin(state, tensors(), tokens);
    } else {
      saves.leaveOut(state);
    }
  }

  /** Whether this trainer has a part in checkpoints. */
  private boolean saving() {
    World world = collectives.world();
    return world.rank() == 0 || trainStep.partition().world().size() == world.size();
  }

  private State suspend() {
    Thread.interrupted();
    saveLast();
    return State.Suspended;
  }

  private State complete() {
    saveLast();
    try (HostWeights weights = new HostWeights(student, trainStep.partition())) {
      if (collectives.world().rank() == 0) {
        board.exported(checkpoints.export(weights));
      }
    }
    collectives.barrier(); // No trainer ends before the student is written.
    return State.Complete;
  }

  private void saveLast() {
    if (saving()) {
      saves.last(state, tensors(), tokens());
    }
    collectives.barrier();
  }

  private TrainedTensors tensors() {
    return new TrainedTensors(student, trainStep.partition(), trainStep.optimizer(), average);
  }

  private LearningRate rate() {
    return new LearningRate(spec.training(), state.cooldownStart());
  }

  private long tokens() {
    return state.step() * spec.training().batchTokens();
  }

  @Override
  public void close() {
    saves.close();
    average.close();
    trainStep.close();
  }
}
