package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** What a policy holds to be true: a condition before it has a time. */
record ConditionDraft(ConditionType type, Truth truth, Reason reason, String message) {

  /** A condition's status. */
  enum Truth {
    True,
    False,
    Unknown
  }

  static ConditionDraft of(ConditionType type, boolean holds, Reason reason, String message) {
    return new ConditionDraft(type, holds ? Truth.True : Truth.False, reason, message);
  }

  boolean holds() {
    return truth == Truth.True;
  }
}
