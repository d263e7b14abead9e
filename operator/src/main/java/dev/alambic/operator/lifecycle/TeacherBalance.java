package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.operator.plan.ComputeRatio;
import dev.alambic.run.Progress;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the teacher keeps up with the trainer, by the share of time that the trainer waits.
 *
 * @param waitShare of the trainer's time, in steps of 0.05, so that a status does not change with
 *     every percent
 */
record TeacherBalance(double waitShare) {
  /** From here on the teacher is called too slow. */
  private static final double BOTTLENECK = 0.2;

  /** A teacher that was called too slow is so until it is waited for less than this. */
  private static final double RELIEF = 0.1;

  private static final double STEPS = 20;

  /** The balance while the trainer trains with a teacher. */
  static Optional<TeacherBalance> of(DecisionInput input) {
    Progress progress = input.observed().progress();
    return input.trainerTaught() && progress.speed().teacherWaitShare() != null
        ? Optional.of(
            new TeacherBalance(Math.round(progress.speed().teacherWaitShare() * STEPS) / STEPS))
        : Optional.empty();
  }

  /** Whether more teachers would help; it takes less to stay so than to become so. */
  boolean tooSlow(boolean before) {
    return waitShare >= (before ? RELIEF : BOTTLENECK);
  }

  /**
   * How many times as fast the teacher would have to be for the trainer not to wait: it now works
   * in the rest of the time only. At most 20 times, by the rounding.
   */
  double neededSpeedup() {
    return 1 / Math.max(1 / STEPS, 1 - waitShare);
  }

  /** Replicas that would keep up, if {@code replicas} are this slow. */
  int neededReplicas(int replicas) {
    return (int) Math.ceil(replicas * neededSpeedup() - 1e-9);
  }

  /** One sentence, with the ratio that arithmetic asks for where the teacher's size is known. */
  String words(DecisionInput input) {
    int replicas = input.observed().teacher().replicas();
    String waits =
        String.format(
            Locale.ROOT,
            "the trainer waits for the teacher %.0f %% of its time: ",
            100 * waitShare);
    String needs =
        input.teacherExists()
            ? String.format(Locale.ROOT, "it would have to be %.1f times as fast", neededSpeedup())
            : neededReplicas(replicas) + " replicas instead of " + replicas + " would keep up";
    return waits + needs + ratio(input);
  }

  private static String ratio(DecisionInput input) {
    String size = input.spec().teacher().size();
    if (size == null || input.planned().isEmpty()) {
      return "";
    }
    double ratio =
        ComputeRatio.teacherPerTrainer(input.planned().get(), (double) Count.parse(size));
    return String.format(
        Locale.ROOT, " (by arithmetic %.2g teacher GPUs for each of the trainer's)", ratio);
  }
}
