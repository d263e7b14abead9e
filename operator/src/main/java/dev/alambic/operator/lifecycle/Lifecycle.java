package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.PlanResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what should be there of a job, and what is true of it. */
public final class Lifecycle {
  /**
   * How often an active job is looked at though nothing is seen to change: some causes of a wait,
   * such as a quota that refuses pods, change nothing that is watched.
   */
  private static final Duration ATTENTION = Duration.ofSeconds(15);

  private Lifecycle() {}

  /**
   * The decision: where the job stands, and by that what should be there.
   *
   * @param job with its spec, its generation and the status before
   * @param plan what planning the spec came to
   * @param observed what is there
   */
  public static Decision decide(
      DistillationJob job, PlanResult plan, ObservedState observed, Instant now) {
    DecisionInput input = DecisionInput.of(job, plan, observed, now);
    JobState jobState = jobState(input);
    boolean delete = ttl(input, jobState).filter(Duration::isZero).isPresent();
    return new Decision(ChildrenPolicy.of(input, jobState, delete), input, jobState);
  }

  /**
   * What is true of the job, and when to decide again.
   *
   * @param outcome what came of carrying the decision out
   */
  public static Report report(Decision decision, Outcome outcome) {
    DecisionInput input = decision.input();
    Blocked blocked = Blocked.by(outcome.refusedChild(), input.observed());
    JobState jobState = jobState(decision, outcome, blocked);
    List<ConditionDraft> drafts = drafts(input, jobState, blocked);
    Conditions conditions = input.before().with(drafts, input.generation(), input.now());
    return new Report(
        StatusWriter.write(input, jobState, conditions, completionTime(input, jobState)),
        Transitions.between(input, drafts),
        lookAgainIn(input, jobState, outcome, blocked));
  }

  /** Where the job stands then: a refusal is why a queue was not asked, or a start is overdue. */
  private static JobState jobState(Decision decision, Outcome outcome, Blocked blocked) {
    JobState decided = decision.jobState();
    if (decided instanceof JobState.Held && outcome.refusedRequest() != null) {
      return QueuePolicy.hold(decision.input(), outcome.refusedRequest());
    }
    return decided instanceof JobState.Active
        ? StartDeadlinePolicy.exceeded(decision.input(), blocked).orElse(decided)
        : decided;
  }

  /** The first that applies: an end is an end, a held job has no deadline, and so on. */
  private static JobState jobState(DecisionInput input) {
    return TerminalPolicy.remembered(input)
        .or(() -> CompletionPolicy.completed(input))
        .or(() -> FailurePolicy.trainerGivenUp(input))
        .or(() -> FailurePolicy.fillGivenUp(input))
        .or(() -> HoldPolicy.held(input))
        .or(() -> FailurePolicy.teacherGivenUp(input))
        .or(() -> DeadlinePolicy.exceeded(input))
        .or(() -> StartDeadlinePolicy.exceeded(input, Blocked.NOTHING))
        .orElseGet(() -> byPlan(input));
  }

  private static JobState byPlan(DecisionInput input) {
    return input.plan() instanceof PlanResult.Refused refused
        ? new JobState.Refused(refused.problems())
        : new JobState.Active(input.planned().orElseThrow());
  }

  private static List<ConditionDraft> drafts(
      DecisionInput input, JobState jobState, Blocked blocked) {
    ConditionDraft accepted = AcceptedCondition.of(input, jobState);
    ConditionDraft training = TrainingCondition.of(input, jobState, blocked);
    ConditionDraft suspended = SuspendedCondition.of(input, jobState);
    List<ConditionDraft> drafts = new ArrayList<>();
    drafts.add(accepted);
    drafts.add(TeacherReadyCondition.of(input, jobState, blocked));
    drafts.add(training);
    drafts.add(SaturatedCondition.of(input));
    drafts.add(suspended);
    drafts.add(EndConditions.complete(jobState));
    drafts.add(EndConditions.failed(jobState));
    drafts.addAll(KstatusConditions.of(jobState, training, suspended, accepted));
    return drafts;
  }

  private static Instant completionTime(DecisionInput input, JobState jobState) {
    if (!(jobState instanceof JobState.Ended)) {
      return null;
    }
    String before = input.previous().completionTime();
    return before == null ? input.now() : Instant.parse(before);
  }

  private static Optional<Duration> ttl(DecisionInput input, JobState jobState) {
    return Optional.ofNullable(completionTime(input, jobState))
        .flatMap(time -> TtlPolicy.left(input, time));
  }

  private static Optional<Duration> lookAgainIn(
      DecisionInput input, JobState jobState, Outcome outcome, Blocked blocked) {
    if (jobState instanceof JobState.Ended) {
      return ttl(input, jobState).filter(left -> !left.isZero());
    }
    if (jobState instanceof JobState.Held held) {
      boolean waits =
          held.reason() != Reason.Suspended
              || input.observed().trainer().alive()
              || outcome.refusedChild() != null;
      return waits ? Optional.of(ATTENTION) : Optional.empty();
    }
    Optional<Duration> retry =
        Optional.of(FailurePolicy.delay(input)).filter(delay -> !delay.isZero());
    Optional<Duration> attention =
        Optional.of(ATTENTION)
            .filter(interval -> retry.isEmpty() && jobState instanceof JobState.Active);
    return Stream.of(
            attention, retry, DeadlinePolicy.left(input), StartDeadlinePolicy.left(input, blocked))
        .flatMap(Optional::stream)
        .min(Duration::compareTo);
  }
}
