package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a status; their times change only when their status does. */
record Conditions(List<Condition> all) {
  private static final int LONGEST_MESSAGE = 1024;

  static Conditions of(List<Condition> conditions) {
    return new Conditions(conditions == null ? List.of() : conditions);
  }

  Optional<Condition> get(ConditionType type) {
    return all.stream().filter(condition -> type.name().equals(condition.getType())).findFirst();
  }

  boolean holds(ConditionType type) {
    return get(type).filter(condition -> "True".equals(condition.getStatus())).isPresent();
  }

  boolean has(ConditionType type, Reason reason) {
    return get(type).filter(condition -> reason.name().equals(condition.getReason())).isPresent();
  }

  /** Since when the condition has its status, if that is known. */
  Optional<Instant> since(ConditionType type) {
    return get(type).map(Condition::getLastTransitionTime).map(Instant::parse);
  }

  /** These claims as conditions, each about this generation. */
  Conditions with(List<ConditionDraft> drafts, long generation, Instant now) {
    List<Condition> next = new ArrayList<>();
    for (ConditionDraft draft : drafts) {
      next.add(
          new ConditionBuilder()
              .withType(draft.type().name())
              .withStatus(draft.truth().name())
              .withReason(draft.reason().name())
              .withMessage(bounded(draft.message()))
              .withObservedGeneration(generation)
              .withLastTransitionTime(transitionTime(draft, now))
              .build());
    }
    return new Conditions(List.copyOf(next));
  }

  private String transitionTime(ConditionDraft draft, Instant now) {
    return get(draft.type())
        .filter(condition -> draft.truth().name().equals(condition.getStatus()))
        .map(Condition::getLastTransitionTime)
        .orElse(now.toString());
  }

  private static String bounded(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "...";
  }
}
