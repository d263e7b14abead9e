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
      DistillationJob job, PlanResult plan, Observed observed, Instant now) {
    Situation situation = Situation.of(job, plan, observed, now);
    Standing standing = standing(situation);
    boolean delete = ttl(situation, standing).filter(Duration::isZero).isPresent();
    return new Decision(ChildrenPolicy.of(situation, standing, delete), situation, standing);
  }

  /**
   * What is true of the job, and when to decide again.
   *
   * @param outcome what came of carrying the decision out
   */
  public static Report report(Decision decision, Outcome outcome) {
    Situation situation = decision.situation();
    Blocked blocked = Blocked.by(outcome.refusedChild(), situation.observed());
    Standing standing = standing(decision, outcome, blocked);
    List<Claim> claims = claims(situation, standing, blocked);
    Conditions conditions =
        situation.before().with(claims, situation.generation(), situation.now());
    return new Report(
        StatusWriter.write(situation, standing, conditions, completionTime(situation, standing)),
        Transitions.between(situation, claims),
        lookAgainIn(situation, standing, outcome, blocked));
  }

  /** Where the job stands then: a refusal is why a queue was not asked, or a start is overdue. */
  private static Standing standing(Decision decision, Outcome outcome, Blocked blocked) {
    Standing decided = decision.standing();
    if (decided instanceof Standing.Held && outcome.refusedRequest() != null) {
      return QueuePolicy.hold(decision.situation(), outcome.refusedRequest());
    }
    return decided instanceof Standing.Active
        ? StartDeadlinePolicy.exceeded(decision.situation(), blocked).orElse(decided)
        : decided;
  }

  /** The first that applies: an end is an end, a held job has no deadline, and so on. */
  private static Standing standing(Situation situation) {
    return TerminalPolicy.remembered(situation)
        .or(() -> CompletionPolicy.completed(situation))
        .or(() -> FailurePolicy.trainerGivenUp(situation))
        .or(() -> FailurePolicy.fillGivenUp(situation))
        .or(() -> HoldPolicy.held(situation))
        .or(() -> FailurePolicy.teacherGivenUp(situation))
        .or(() -> DeadlinePolicy.exceeded(situation))
        .or(() -> StartDeadlinePolicy.exceeded(situation, Blocked.NOTHING))
        .orElseGet(() -> byPlan(situation));
  }

  private static Standing byPlan(Situation situation) {
    return situation.plan() instanceof PlanResult.Refused refused
        ? new Standing.Refused(refused.problems())
        : new Standing.Active(situation.planned().orElseThrow());
  }

  private static List<Claim> claims(Situation situation, Standing standing, Blocked blocked) {
    Claim accepted = AcceptedCondition.of(situation, standing);
    Claim training = TrainingCondition.of(situation, standing, blocked);
    Claim suspended = SuspendedCondition.of(situation, standing);
    List<Claim> claims = new ArrayList<>();
    claims.add(accepted);
    claims.add(TeacherReadyCondition.of(situation, standing, blocked));
    claims.add(training);
    claims.add(SaturatedCondition.of(situation));
    claims.add(suspended);
    claims.add(EndConditions.complete(standing));
    claims.add(EndConditions.failed(standing));
    claims.addAll(KstatusConditions.of(standing, training, suspended, accepted));
    return claims;
  }

  private static Instant completionTime(Situation situation, Standing standing) {
    if (!(standing instanceof Standing.Ended)) {
      return null;
    }
    String before = situation.previous().completionTime();
    return before == null ? situation.now() : Instant.parse(before);
  }

  private static Optional<Duration> ttl(Situation situation, Standing standing) {
    return Optional.ofNullable(completionTime(situation, standing))
        .flatMap(time -> TtlPolicy.left(situation, time));
  }

  private static Optional<Duration> lookAgainIn(
      Situation situation, Standing standing, Outcome outcome, Blocked blocked) {
    if (standing instanceof Standing.Ended) {
      return ttl(situation, standing).filter(left -> !left.isZero());
    }
    if (standing instanceof Standing.Held held) {
      boolean waits =
          held.reason() != Reason.Suspended
              || situation.observed().trainer().alive()
              || outcome.refusedChild() != null;
      return waits ? Optional.of(ATTENTION) : Optional.empty();
    }
    Optional<Duration> retry =
        Optional.of(FailurePolicy.delay(situation)).filter(delay -> !delay.isZero());
    Optional<Duration> attention =
        Optional.of(ATTENTION)
            .filter(interval -> retry.isEmpty() && standing instanceof Standing.Active);
    return Stream.of(
            attention,
            retry,
            DeadlinePolicy.left(situation),
            StartDeadlinePolicy.left(situation, blocked))
        .flatMap(Optional::stream)
        .min(Duration::compareTo);
  }
}
