package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** What is observed of a job in a cluster. */
public final class Observation {
  private Observation() {}

  /**
   * The observation.
   *
   * @param reported what the running trainer last answered, or null
   * @param endpoint where the teacher's replicas answer
   * @param modelUri where the finished student will lie
   */
  public static ObservedState of(
      ChildObjects seen, Progress reported, String endpoint, String modelUri, Warnings warnings) {
    Work trainer =
        IndexedJobObservation.of(seen.trainer(), seen.checkpoints(), warnings, "trainer");
    return new ObservedState(
        TeacherObservation.of(seen, endpoint, warnings),
        trainer,
        progress(seen, trainer.state(), reported),
        trainer.state() == WorkState.Succeeded ? modelUri : null,
        FillObservation.of(seen.fill(), seen.checkpoints(), warnings));
  }

  /** The pod whose trainer can be asked for its progress: the first of several reports for all. */
  public static Optional<Pod> runningTrainer(ChildObjects seen) {
    return firstTrainer(seen)
        .filter(pod -> "Running".equals(Pods.phase(pod)))
        .filter(pod -> pod.getStatus().getPodIP() != null);
  }

  /** An ended trainer's last words are newer than what it last answered. */
  private static Progress progress(ChildObjects seen, WorkState state, Progress reported) {
    return switch (state) {
      case Absent, Pending -> null;
      case Running, Succeeded, Failed ->
          firstTrainer(seen)
              .flatMap(Pods::end)
              .flatMap(TerminationMessage::progress)
              .orElse(reported);
    };
  }

  private static Optional<Pod> firstTrainer(ChildObjects seen) {
    return seen.trainer().byIndex().present(0);
  }
}
