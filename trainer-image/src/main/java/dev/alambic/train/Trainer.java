package dev.alambic.train;

import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.model.Decoder;
import dev.alambic.run.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.saturation.EvaluationGrid;
import dev.alambic.saturation.StopRule;
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
  private final RunSpec spec;
  private final Decoder student;
  private final Material material;
  private final CheckpointStore checkpoints;
  private final BackgroundSaves saves;
  private final ProgressBoard board;
  private final BooleanSupplier stopRequested;
  private final TrainStep trainStep;
  private final WeightAverage average;
  private final EvaluationGrid grid;
  private RunState state = RunState.START;

  /**
   * A trainer of {@code student}.
   *
   * @param material what it learns from
   * @param stopRequested asked before each step; a stop also interrupts the thread, which may be
   *     waiting for the teacher
   */
  public Trainer(
      RunSpec spec,
      Decoder student,
      Material material,
      CheckpointStore checkpoints,
      ProgressBoard board,
      BooleanSupplier stopRequested) {
    this(spec, student, material, checkpoints, board, stopRequested, BackgroundSaves.PATIENCE);
  }

  Trainer(
      RunSpec spec,
      Decoder student,
      Material material,
      CheckpointStore checkpoints,
      ProgressBoard board,
      BooleanSupplier stopRequested,
      Duration patience) {
    this.spec = spec;
    this.student = student;
    this.material = material;
    this.checkpoints = checkpoints;
    this.saves = new BackgroundSaves(checkpoints, board, patience);
    this.board = board;
    this.stopRequested = stopRequested;
    this.trainStep = new TrainStep(student, spec.objective(), spec.training());
    this.average = new WeightAverage(student);
    this.grid = new EvaluationGrid(spec.evaluation());
  }

  /**
   * Trains from the newest checkpoint to the end, and writes the student.
   *
   * @return {@link State#Complete}, or {@link State#Suspended} when asked to stop
   * @throws RunException when the run cannot go on
   */
  public State run() {
    resume();
    finishIfAsked();
    try (Evaluation evaluation = material.evaluation()) {
      return train(evaluation);
    } catch (InterruptedException e) {
      return suspend();
    }
  }

  /** A run whose checkpoints are all damaged is not begun anew: somebody may have copies. */
  private void resume() {
    Optional<RunState> restored =
        checkpoints.restore(tensors(), anyState -> true, board::checkpointDamaged);
    if (restored.isEmpty() && !board.latest().damagedCheckpoints().isEmpty()) {
      Progress.Damage newest = board.latest().damagedCheckpoints().get(0);
      throw new RunException(
          ExitCode.DATA,
          "no checkpoint is sound (%s: %s): restore one, or delete them all to begin anew"
              .formatted(newest.path(), newest.why()));
    }
    if (restored.isPresent()) {
      state = restored.get();
      board.resumed(state);
    }
  }

  /** A decay that the budget asks for anyway is not started again; a cosine's is no last one. */
  private void finishIfAsked() {
    boolean lastDecay =
        spec.training().schedule() != Schedule.Cosine && rate().cooling(state.step());
    if (spec.saturation().finishNow() && state.cooldownStart() == null && !lastDecay) {
      state = state.coolingDown(StopCause.Request);
    }
  }

  private State train(Evaluation evaluation) throws InterruptedException {
    BatchSource batches = material.batches(state);
    board.training(state, rate(), stopRule());
    evaluateIfDue(evaluation);
    while (state.step() < rate().steps()) {
      if (stopRequested.getAsBoolean()) {
        return suspend();
      }
      step(batches.next(state));
      board.stepped(state, rate(), batches.waited());
      evaluateIfDue(evaluation);
      checkpointIfDue();
    }
    return complete();
  }

  private void step(List<Example> batch) {
    Health health = state.health();
    long updates = state.updates();
    TrainStep.Result result =
        trainStep.run(
            batch, updates, rate().at(state.step()), loss -> !health.explodes(loss, updates));
    state = state.stepped(result, batch.size());
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
    if (!stopRule().startDecay()
        && !rate().cooling(state.step())
        && stopRule().observe(board.evaluated(state), after).startDecay()) {
      state = state.coolingDown(StopCause.Saturation);
    }
    board.decided(state, rate(), stopRule());
  }

  /** The average at a constant rate; in a decay, which is quiet, the weights that it leads to. */
  private CurvePoint evaluate(Evaluation evaluation, long tokens) throws InterruptedException {
    return rate().constant(state.step() - 1)
        ? average.inPlace(() -> evaluation.evaluate(tokens, true))
        : evaluation.evaluate(tokens, false);
  }

  private StopRule stopRule() {
    Long start = state.cooldownStart();
    Long tokens = start == null ? null : start * spec.training().batchTokens();
    return new StopRule(spec.saturation().action(), tokens, state.stopCause());
  }

  /** One that is no better than those there are would push them out. */
  private void checkpointIfDue() {
    saves.look();
    long every = spec.checkpoint().everyTokens();
    long after = tokens();
    boolean due = after / every != (after - spec.training().batchTokens()) / every;
    if (due && state.health().sound()) {
      state = state.trusted();
      saves.begin(state, tensors(), after);
    }
  }

  private State suspend() {
    Thread.interrupted();
    saves.last(state, tensors(), tokens());
    return State.Suspended;
  }

  private State complete() {
    saves.last(state, tensors(), tokens());
    board.exported(checkpoints.export(student));
    return State.Complete;
  }

  private TrainedTensors tensors() {
    return new TrainedTensors(student, trainStep.optimizer(), average);
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
