package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.TeacherRuntime;

/**
 * What the resource can say and the run contract cannot yet. Refused, because a field that is
 * silently ignored would cost a run.
 */
final class Unsupported {
  private Unsupported() {}

  static void check(SpecReader reader, DistillationJobSpec spec) {
    reader.require(
        spec.teacher().runtime() != TeacherRuntime.OpenAI || !Offline.is(spec),
        "signal.mode",
        "Offline is not supported yet with runtime OpenAI");
  }
}
