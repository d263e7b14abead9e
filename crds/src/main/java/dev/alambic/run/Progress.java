package dev.alambic.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.failure.BoundedText;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a trainer says of itself on {@code /progress}, and without the curve as its termination
 * message. Losses are nats per token; null means not yet known.
 *
 * @param version {@link #VERSION}
 * @param state what the trainer does now
 * @param message one line for people: what it waits for, or why it failed
 * @param step optimizer steps done
 * @param tokens tokens trained on, over all restarts
 * @param tokensPerSecond over the last minute or so
 * @param teacherWaitShare share of the last minute or so spent waiting for a teacher, 0 to 1
 * @param badSteps steps skipped because their loss or gradient was not finite, or exploded
 * @param rollbacks how often the weights went back to a checkpoint, after several such steps
 * @param trainLoss the objective, averaged over the last steps
 * @param curve evaluations so far, oldest first, at most {@link #MAX_CURVE_POINTS}
 * @param verdicts when the verdict became another, oldest first, at most {@link #MAX_VERDICTS}: the
 *     first ones go
 * @param checkpoint the newest good one
 * @param checkpointFailure why the last one could not be written; null once one is again
 * @param damagedCheckpoints skipped when the run was taken up, newest first, at most {@link
 *     #MAX_DAMAGED}
 * @param modelPath folder of the finished student, once complete
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RecordBuilder
public record Progress(
    String version,
    String job,
    State state,
    String message,
    long step,
    long tokens,
    long tokenBudget,
    Double tokensPerSecond,
    Double teacherWaitShare,
    long badSteps,
    long rollbacks,
    Double learningRate,
    Double trainLoss,
    List<CurvePoint> curve,
    Saturation saturation,
    List<VerdictChange> verdicts,
    Checkpoint checkpoint,
    String checkpointFailure,
    List<Damage> damagedCheckpoints,
    String modelPath)
    implements ProgressBuilder.With {

  public static final String VERSION = "alambic.dev/progress/v1";
  public static final int MAX_CURVE_POINTS = 512;
  public static final int MAX_VERDICTS = 64;
  public static final int MAX_DAMAGED = 8;

  private static final int MAX_BRIEF_MESSAGE_BYTES = 1024;
  private static final int MAX_BRIEF_PATH_BYTES = 512;

  /**
   * A progress; a trainer that leaves out its curve, verdicts or damaged checkpoints has none.
   *
   * @throws IllegalArgumentException if its state is missing, an evaluation is null, or there are
   *     more than the contract allows
   */
  public Progress {
    require(state != null, "state: is missing");
    curve = bounded("curve", curve, MAX_CURVE_POINTS);
    verdicts = bounded("verdicts", verdicts, MAX_VERDICTS);
    damagedCheckpoints = bounded("damagedCheckpoints", damagedCheckpoints, MAX_DAMAGED);
  }

  private static <T> List<T> bounded(String field, List<T> values, int most) {
    if (values == null) {
      return List.of();
    }
    require(values.size() <= most, field + ": has more than " + most + " entries");
    require(values.stream().noneMatch(Objects::isNull), field + ": an entry is null");
    return List.copyOf(values);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** What a trainer is doing. */
  public enum State {
    /** Loading models, tokenising. */
    Preparing,
    WaitingForTeacher,
    Training,
    /** The learning rate decays; the end is near. */
    CoolingDown,
    /** Asked to stop; a checkpoint is written. */
    Suspended,
    Complete,
    Failed
  }

  /**
   * One evaluation on the held-out set: of the average of the weights while the learning rate is
   * constant, of the weights themselves otherwise.
   *
   * @param tokens trained on when it was made
   * @param crossEntropy of the student on held-out text, nats per token; null with rollouts, where
   *     there is no text to predict
   * @param divergence forward KL from the teacher to the student, nats per token; with rollouts the
   *     reverse KL, on the student's own answers to held-out prompts
   * @param teacherCrossEntropy the teacher's own on the same tokens
   * @param masses on the ids of the teacher's signal; null without a teacher
   * @param constantRate whether the learning rate was constant at this point (neither warm-up nor
   *     decay): only such points are fitted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CurvePoint(
      long tokens,
      Double crossEntropy,
      Double divergence,
      Double teacherCrossEntropy,
      Masses masses,
      boolean constantRate) {

    /** What the run is judged by: the cross-entropy, or without one the divergence. */
    public double loss() {
      if (crossEntropy != null) {
        return crossEntropy;
      }
      return divergence == null ? Double.NaN : divergence;
    }
  }

  /**
   * Probability on the ids of the teacher's signal, averaged over positions, each 0 to 1; an idea
   * of verl. Of draws the teacher's are their shares, so that its mass is 1, and what is shared is
   * understated.
   *
   * @param teacher the teacher's: what an encoding leaves out is missing from 1
   * @param student the student's on the same ids
   * @param shared the lesser of the two, id by id: 1 when they agree
   */
  public record Masses(double teacher, double student, double shared) {}

  /**
   * The verdict. A null end of the interval, or a null estimate, means that the curve sets no bound
   * there: saturation is not in sight.
   *
   * @param reason one line for people: what the verdict rests on, or what is missing
   * @param gain nats that 10 % more tokens would still bring
   * @param gainPerDoubling nats that twice the tokens would bring
   * @param gainPerDecade nats that ten times the tokens would bring
   * @param low lower end of the interval of the saturation point, in tokens
   * @param savedTokens tokens of the budget left unspent by stopping early
   * @param stoppedBy why the run ends early; null unless it does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Saturation(
      SaturationState state,
      String reason,
      Double gain,
      Double gainPerDoubling,
      Double gainPerDecade,
      Long low,
      Long estimate,
      Long high,
      Fit fit,
      Long savedTokens,
      StopCause stoppedBy)
      implements ProgressSaturationBuilder.With {}

  /**
   * A verdict that differs from the one before.
   *
   * @param tokens trained on when it was given
   */
  public record VerdictChange(long tokens, SaturationState state) {}

  /**
   * {@code loss(D) = irreducible + amplitude D^-exponent}.
   *
   * @param noise standard deviation of one evaluation, told from its neighbours, nats per token
   * @param points evaluations used
   */
  public record Fit(
      double irreducible, double amplitude, double exponent, double noise, int points) {}

  /** A checkpoint. */
  public record Checkpoint(long tokens, String path, Instant time) {}

  /** A checkpoint that is not what was written, and why, in one line. */
  public record Damage(String path, String why) {}

  /**
   * The same, small enough for a termination message (4096 bytes of JSON): of the curve only its
   * end, which is the cooled-down student's, without the verdicts before, with a message cut to a
   * kilobyte, and without a path that is longer than half of one.
   */
  public Progress brief() {
    boolean keepsCheckpoint =
        checkpoint != null && BoundedText.fits(checkpoint.path(), MAX_BRIEF_PATH_BYTES);
    return with(
        brief ->
            brief
                .message(BoundedText.cut(message, MAX_BRIEF_MESSAGE_BYTES))
                .curve(curve.isEmpty() ? List.of() : List.of(curve.get(curve.size() - 1)))
                .verdicts(List.of())
                .checkpoint(keepsCheckpoint ? checkpoint : null)
                .checkpointFailure(BoundedText.cut(checkpointFailure, MAX_BRIEF_PATH_BYTES))
                .damagedCheckpoints(List.of())
                .modelPath(BoundedText.fits(modelPath, MAX_BRIEF_PATH_BYTES) ? modelPath : null));
  }
}
