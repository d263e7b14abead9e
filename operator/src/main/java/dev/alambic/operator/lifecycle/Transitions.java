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

  /** These repeat the reasons of others. */
  private static final Set<ConditionType> SUMMARIES =
      EnumSet.of(ConditionType.Ready, ConditionType.Reconciling, ConditionType.Stalled);

  private Transitions() {}

  static List<Event> between(DecisionInput input, List<ConditionDraft> drafts) {
    List<Event> events = new ArrayList<>();
    for (ConditionDraft draft : drafts) {
      if (isNews(input, draft)) {
        events.add(event(draft));
      }
    }
    events.addAll(TrainerNews.of(input));
    events.addAll(newAdvice(input));
    return List.copyOf(events);
  }

  private static boolean isNews(DecisionInput input, ConditionDraft draft) {
    return !SUMMARIES.contains(draft.type())
        && own(draft)
        && draft.reason().eventLevel() != Reason.EventLevel.Quiet
        && !input.before().has(draft.type(), draft.reason());
  }

  /** The reason of an end becomes one event: of Complete or Failed, whichever is true. */
  private static boolean own(ConditionDraft draft) {
    return switch (draft.reason()) {
      case BudgetSpent, StoppedAtSaturation, FinishedOnRequest ->
          draft.type() == ConditionType.Complete;
      case TrainerFailed,
          BackoffLimitExceeded,
          TeacherFailed,
          DeadlineExceeded,
          StartDeadlineExceeded ->
          draft.type() == ConditionType.Failed;
      case Suspended, QuotaPending, Evicted -> draft.type() == ConditionType.Suspended;
      case InvalidSpec -> draft.type() == ConditionType.Accepted;
      default -> true;
    };
  }

  private static Event event(ConditionDraft draft) {
    boolean warning = draft.reason().eventLevel() == Reason.EventLevel.Warning;
    return new Event(
        warning ? Event.Type.Warning : Event.Type.Normal, draft.reason().name(), draft.message());
  }

  private static List<Event> newAdvice(DecisionInput input) {
    DistillationJobStatus before = input.previous();
    List<String> told = before.advice() == null ? List.of() : before.advice();
    return input.planned().map(RunPlan::advice).orElse(List.of()).stream()
        .map(Advice::message)
        .filter(message -> !told.contains(message))
        .map(message -> new Event(Event.Type.Warning, ADVICE, message))
        .toList();
  }
}
