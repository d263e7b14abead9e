package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.operator.lifecycle.ConditionDraft.Truth;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.Condition;

/** Whether more tokens still help, as the trainer last judged it. */
final class SaturatedCondition {
  private SaturatedCondition() {}

  static ConditionDraft of(DecisionInput input) {
    Progress progress = input.observed().progress();
    if (progress == null
        || progress.verdict().saturation() == null
        || progress.verdict().saturation().state() == null) {
      return input
          .before()
          .get(ConditionType.Saturated)
          .map(SaturatedCondition::again)
          .orElse(unknown());
    }
    Progress.Saturation verdict = progress.verdict().saturation();
    return switch (verdict.state()) {
      case Unknown -> draft(Truth.Unknown, Reason.TooFewEvaluations, verdict);
      case Indeterminate -> draft(Truth.Unknown, Reason.Indeterminate, verdict);
      case Improving -> draft(Truth.False, Reason.Improving, verdict);
      case NearSaturation -> draft(Truth.False, Reason.NearSaturation, verdict);
      case Saturated -> draft(Truth.True, Reason.Saturated, verdict);
      case Regressing -> draft(Truth.False, Reason.Regressing, verdict);
      case TeacherBound -> draft(Truth.False, Reason.TeacherBound, verdict);
    };
  }

  private static ConditionDraft unknown() {
    return new ConditionDraft(
        ConditionType.Saturated, Truth.Unknown, Reason.TooFewEvaluations, "No evaluation yet");
  }

  private static ConditionDraft again(Condition condition) {
    return new ConditionDraft(
        ConditionType.Saturated,
        Truth.valueOf(condition.getStatus()),
        Reason.named(condition.getReason(), Reason.TooFewEvaluations),
        condition.getMessage());
  }

  private static ConditionDraft draft(Truth truth, Reason reason, Progress.Saturation verdict) {
    return new ConditionDraft(ConditionType.Saturated, truth, reason, words(verdict));
  }

  private static String words(Progress.Saturation verdict) {
    if (verdict.reason() != null && !verdict.reason().isBlank()) {
      return verdict.reason();
    }
    String estimate =
        verdict.range().estimate() == null
            ? "the saturation point is not in sight"
            : "saturation is expected near " + Count.format(verdict.range().estimate()) + " tokens";
    String gain = Decimals.significant(verdict.gains().perTenth());
    return gain == null ? estimate : "10 % more tokens bring " + gain + " nats; " + estimate;
  }
}
