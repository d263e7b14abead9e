package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.plan.Advice;
import dev.alambic.operator.plan.RunPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is worth an event: a condition whose reason is new, news of the trainer, and advice that is
 * new.
 */
final class Transitions {
  private static final String ADVICE = "Advice";

  /** Reasons of these are those of others, said again. */
  private static final Set<ConditionType> SUMMARIES =
      EnumSet.of(ConditionType.Ready, ConditionType.Reconciling, ConditionType.Stalled);

  private Transitions() {}

  static List<Event> between(Situation situation, List<Claim> claims) {
    List<Event> events = new ArrayList<>();
    for (Claim claim : claims) {
      if (isNews(situation, claim)) {
        events.add(event(claim));
      }
    }
    events.addAll(TrainerNews.of(situation));
    events.addAll(newAdvice(situation));
    return List.copyOf(events);
  }

  private static boolean isNews(Situation situation, Claim claim) {
    return !SUMMARIES.contains(claim.type())
        && own(claim)
        && claim.reason().eventLevel() != Reason.EventLevel.Quiet
        && !situation.before().has(claim.type(), claim.reason());
  }

  /** The reason of an end is told once: as Complete or Failed, whichever is true. */
  private static boolean own(Claim claim) {
    return switch (claim.reason()) {
      case BudgetSpent, StoppedAtSaturation, FinishedOnRequest ->
          claim.type() == ConditionType.Complete;
      case TrainerFailed,
          BackoffLimitExceeded,
          TeacherFailed,
          DeadlineExceeded,
          StartDeadlineExceeded ->
          claim.type() == ConditionType.Failed;
      case Suspended, QuotaPending, Evicted -> claim.type() == ConditionType.Suspended;
      case InvalidSpec -> claim.type() == ConditionType.Accepted;
      default -> true;
    };
  }

  private static Event event(Claim claim) {
    boolean warning = claim.reason().eventLevel() == Reason.EventLevel.Warning;
    return new Event(
        warning ? Event.Type.Warning : Event.Type.Normal, claim.reason().name(), claim.message());
  }

  private static List<Event> newAdvice(Situation situation) {
    DistillationJobStatus before = situation.previous();
    List<String> told = before.advice() == null ? List.of() : before.advice();
    return situation.planned().map(RunPlan::advice).orElse(List.of()).stream()
        .map(Advice::message)
        .filter(message -> !told.contains(message))
        .map(message -> new Event(Event.Type.Warning, ADVICE, message))
        .toList();
  }
}
