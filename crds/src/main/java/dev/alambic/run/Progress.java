package dev.alambic.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.failure.BoundedText;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a trainer publishes on {@code /progress}, and without the curve as its termination message.
 * Losses are nats per token; null means not yet known. In JSON the fields of the parts stand side
 * by side.
 *
 * @param version {@link #VERSION}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RecordBuilder
public record Progress(
    String version,
    String job,
    @JsonUnwrapped Stage stage,
    @JsonUnwrapped Position position,
    @JsonUnwrapped Speed speed,
    @JsonUnwrapped Learning learning,
    @JsonUnwrapped Verdict verdict,
    @JsonUnwrapped Saved saved)
    implements ProgressBuilder.With {

  public static final String VERSION = "alambic.dev/progress/v1";
  public static final int MAX_CURVE_POINTS = 512;
  public static final int MAX_VERDICTS = 64;
  public static final int MAX_DAMAGED = 8;

  private static final int MAX_BRIEF_MESSAGE_BYTES = 1024;
  private static final int MAX_BRIEF_PATH_BYTES = 512;

  /**
   * A progress. A part that a trainer leaves out is empty.
   *
   * @throws IllegalArgumentException if its state is missing
   */
  public Progress {
    require(stage != null, "state: is missing");
    position = Objects.requireNonNullElse(position, new Position(0, 0, 0));
    speed = Objects.requireNonNullElse(speed, Speed.UNKNOWN);
    learning = Objects.requireNonNullElse(learning, Learning.NOTHING);
    verdict = Objects.requireNonNullElse(verdict, Verdict.NONE);
    saved = Objects.requireNonNullElse(saved, Saved.NOTHING);
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

  /**
   * What the trainer does now.
   *
   * @param message one line for people: what it waits for, or why it failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Stage(State state, String message) implements ProgressStageBuilder.With {
    /**
     * A stage.
     *
     * @throws IllegalArgumentException if the state is missing
     */
    public Stage {
      require(state != null, "state: is missing");
    }
  }

  /**
   * How far the run is.
   *
   * @param step optimizer steps done
   * @param tokens tokens trained on, over all restarts
   */
  @RecordBuilder
  public record Position(long step, long tokens, long tokenBudget)
      implements ProgressPositionBuilder.With {}

  /**
   * How fast it is, over the last minute or so.
   *
   * @param teacherWaitShare share of the time spent waiting for a teacher, 0 to 1
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Speed(Double tokensPerSecond, Double teacherWaitShare) {
    /** Not yet known. */
    public static final Speed UNKNOWN = new Speed(null, null);
  }

  /**
   * How the student learns.
   *
   * @param badSteps steps skipped because their loss or gradient was not finite, or exploded
   * @param rollbacks how often the weights went back to a checkpoint, after several such steps
   * @param trainLoss the objective, averaged over the last steps
   * @param curve evaluations so far, oldest first, at most {@link #MAX_CURVE_POINTS}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Learning(
      long badSteps, long rollbacks, Double learningRate, Double trainLoss, List<CurvePoint> curve)
      implements ProgressLearningBuilder.With {
    /** Nothing is learnt yet. */
    public static final Learning NOTHING = new Learning(0, 0, null, null, List.of());

    /**
     * Of a trainer that leaves out its curve there is none.
     *
     * @throws IllegalArgumentException if an evaluation is null, or there are too many
     */
    public Learning {
      curve = bounded("curve", curve, MAX_CURVE_POINTS);
    }
  }

  /**
   * Whether more tokens still help.
   *
   * @param saturation the verdict now
   * @param changes when it became another, oldest first, at most {@link #MAX_VERDICTS}: the first
   *     ones go
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Verdict(
      Saturation saturation, @JsonProperty("verdicts") List<VerdictChange> changes)
      implements ProgressVerdictBuilder.With {
    /** There is none yet. */
    public static final Verdict NONE = new Verdict(null, List.of());

    /**
     * Of a trainer that leaves out its changes there are none.
     *
     * @throws IllegalArgumentException if a change is null, or there are too many
     */
    public Verdict {
      changes = bounded("verdicts", changes, MAX_VERDICTS);
    }
  }

  /**
   * What lies on disk.
   *
   * @param checkpoint the newest good one
   * @param failure why the last checkpoint could not be written; null once one is again
   * @param damaged checkpoints skipped when the run was taken up, newest first, at most {@link
   *     #MAX_DAMAGED}
   * @param modelPath folder of the finished student, once complete
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Saved(
      Checkpoint checkpoint,
      @JsonProperty("checkpointFailure") String failure,
      @JsonProperty("damagedCheckpoints") List<Damage> damaged,
      String modelPath)
      implements ProgressSavedBuilder.With {
    /** Nothing is saved yet. */
    public static final Saved NOTHING = new Saved(null, null, List.of(), null);

    /**
     * Of a trainer that leaves out its damaged checkpoints there are none.
     *
     * @throws IllegalArgumentException if one of them is null, or there are too many
     */
    public Saved {
      damaged = bounded("damagedCheckpoints", damaged, MAX_DAMAGED);
    }

    private Saved brief() {
      boolean keeps =
          checkpoint != null && BoundedText.fits(checkpoint.path(), MAX_BRIEF_PATH_BYTES);
      return new Saved(
          keeps ? checkpoint : null,
          BoundedText.cut(failure, MAX_BRIEF_PATH_BYTES),
          List.of(),
          BoundedText.fits(modelPath, MAX_BRIEF_PATH_BYTES) ? modelPath : null);
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
   * The verdict.
   *
   * @param reason one line for people: what the verdict rests on, or what is missing
   * @param savedTokens tokens of the budget left unspent by stopping early
   * @param stoppedBy why the run ends early; null unless it does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RecordBuilder
  public record Saturation(
      SaturationState state,
      String reason,
      @JsonUnwrapped Gains gains,
      @JsonUnwrapped Range range,
      Fit fit,
      Long savedTokens,
      StopCause stoppedBy)
      implements ProgressSaturationBuilder.With {

    public Saturation {
      gains = Objects.requireNonNullElse(gains, new Gains(null, null, null));
      range = Objects.requireNonNullElse(range, new Range(null, null, null));
    }
  }

  /**
   * What more tokens would still bring, in nats per token; null if not yet known.
   *
   * @param perTenth by 10 % more tokens
   * @param perDoubling by twice the tokens
   * @param perDecade by ten times the tokens
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Gains(
      @JsonProperty("gain") Double perTenth,
      @JsonProperty("gainPerDoubling") Double perDoubling,
      @JsonProperty("gainPerDecade") Double perDecade) {}

  /**
   * Where the student saturates, in tokens. A null end, or a null estimate, means that the curve
   * sets no bound there: saturation is not in sight.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Range(Long low, Long estimate, Long high) {
    /** Whether the curve sets any bound. */
    public boolean bounds() {
      return low != null || estimate != null || high != null;
    }
  }

  /**
   * A verdict that differs from the one before.
   *
   * @param tokens trained on when it was given
   */
  public record VerdictChange(long tokens, SaturationState state) {}

  /**
   * {@code loss(D) = irreducible + amplitude D^-exponent}.
   *
   * @param noise standard deviation of one evaluation, estimated from its neighbours, nats per
   *     token
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
    List<CurvePoint> curve = learning.curve();
    List<CurvePoint> end = curve.isEmpty() ? List.of() : List.of(curve.get(curve.size() - 1));
    return withStage(stage.withMessage(BoundedText.cut(stage.message(), MAX_BRIEF_MESSAGE_BYTES)))
        .withLearning(learning.withCurve(end))
        .withVerdict(verdict.withChanges(List.of()))
        .withSaved(saved.brief());
  }
}
