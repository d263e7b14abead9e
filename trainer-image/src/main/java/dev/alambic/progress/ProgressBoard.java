package dev.alambic.progress;

import dev.alambic.run.Progress;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunSpec;
import dev.alambic.step.LearningRate;
import dev.alambic.step.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A trainer's progress. Written by the training thread, read by any: each change publishes a new
 * {@link Progress}.
 */
public final class ProgressBoard {
  /** Weight of the newest step in the running training loss. */
  private static final double NEWEST = 0.05;

  private final RunSpec spec;
  private final LongSupplier nanoClock;
  private final Pace pace = new Pace();

  private State state = State.Preparing;
  private String message;
  private RunState run = RunState.START;
  private Double learningRate;
  private Double trainLoss;
  private Progress.Saturation verdict;
  private VerdictHistory history = VerdictHistory.NONE;
  private Progress.Checkpoint checkpoint;
  private String checkpointFailure;
  private final List<Progress.Damage> damaged = new ArrayList<>();
  private String modelPath;
  private volatile Progress latest;

  /**
   * A board for a run.
   *
   * @param nanoClock a monotonic clock, nanoseconds
   */
  public ProgressBoard(RunSpec spec, LongSupplier nanoClock) {
    this.spec = spec;
    this.nanoClock = nanoClock;
    publish();
  }

  /** The newest. */
  public Progress latest() {
    return latest;
  }

  /** Says what is being prepared: one line for people. */
  public void preparing(String what) {
    become(State.Preparing, what);
  }

  /** Says that a teacher is waited for. */
  public void waitingForTeacher() {
    become(State.WaitingForTeacher, "waiting for the teacher");
  }

  public void resumed(RunState restored) {
    run = restored;
    history = VerdictHistory.of(run.curve(), spec.saturation().minGain(), Progress.MAX_VERDICTS);
    publish();
  }

  public void training(RunState now, LearningRate rate, Progress.Saturation newest) {
    judged(now, newest);
    pace.mark(nanoClock.getAsLong(), tokens(), Duration.ZERO);
    become(rate.cooling(now.step()) ? State.CoolingDown : State.Training, null);
  }

  /** Of a step that was applied, nats per token. */
  public void loss(double loss) {
    trainLoss = trainLoss == null ? loss : trainLoss + NEWEST * (loss - trainLoss);
  }

  public void stepped(RunState now, LearningRate rate, Duration waited) {
    run = now;
    learningRate = rate.at(now.step() - 1);
    state = rate.cooling(now.step() - 1) ? State.CoolingDown : State.Training;
    message = null;
    pace.mark(nanoClock.getAsLong(), tokens(), waited);
    publish();
  }

  /** Publishes the verdict on the curve so far. */
  public void judged(RunState now, Progress.Saturation newest) {
    run = now;
    verdict = newest;
    if (!now.curve().isEmpty()) {
      long evaluated = now.curve().get(now.curve().size() - 1).tokens();
      history = history.with(evaluated, newest.state(), Progress.MAX_VERDICTS);
    }
    publish();
  }

  public void checkpointed(Progress.Checkpoint newest) {
    checkpoint = newest;
    checkpointFailure = null;
    publish();
  }

  /** Until one is written again. */
  public void checkpointFailed(String why) {
    checkpointFailure = why;
    publish();
  }

  public void checkpointDamaged(Progress.Damage damage) {
    if (damaged.size() < Progress.MAX_DAMAGED) {
      damaged.add(damage);
      publish();
    }
  }

  public void exported(String path) {
    modelPath = path;
    publish();
  }

  /** The end. */
  public void ended(State how, String why) {
    become(how, why);
  }

  private void become(State next, String why) {
    state = next;
    message = why;
    publish();
  }

  private long tokens() {
    return run.step() * spec.training().batchTokens();
  }

  private void publish() {
    latest =
        new Progress(
            Progress.VERSION,
            spec.job(),
            new Progress.Stage(state, message),
            new Progress.Position(run.step(), tokens(), spec.training().tokenBudget()),
            new Progress.Speed(
                pace.tokensPerSecond(), spec.teacher() == null ? null : pace.waitShare()),
            new Progress.Learning(
                run.health().badSteps(),
                run.health().rollbacks(),
                learningRate,
                trainLoss,
                thinned(run.curve())),
            new Progress.Verdict(verdict, history.changes()),
            new Progress.Saved(checkpoint, checkpointFailure, List.copyOf(damaged), modelPath));
  }

  /** At most {@link Progress#MAX_CURVE_POINTS}: every second one goes until they fit. */
  private static List<Progress.CurvePoint> thinned(List<Progress.CurvePoint> curve) {
    List<Progress.CurvePoint> points = curve;
    while (points.size() > Progress.MAX_CURVE_POINTS) {
      List<Progress.CurvePoint> fewer = new ArrayList<>();
      for (int i = (points.size() - 1) % 2; i < points.size(); i += 2) {
        fewer.add(points.get(i));
      }
      points = fewer;
    }
    return points;
  }
}
