package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What follows when a trainer fails. A fatal exit code ends the job at once; any other is retried,
 * after 10 s, 20 s, 40 s, … up to six minutes, as Kubernetes Jobs do, until the backoff limit. A
 * trainer that was stopped on request continues at once and is not counted.
 */
final class FailurePolicy {
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(6);
  private static final int MOST_DOUBLINGS = 6;

  private FailurePolicy() {}

  /** The end, if no teacher answers and none ever will. */
  static Optional<JobState> teacherGivenUp(DecisionInput input) {
    Problem problem = input.observed().teacher().problem();
    return problem == null || !problem.fatal() || input.teacherAnswers()
        ? Optional.empty()
        : Optional.of(new JobState.Ended(false, Reason.TeacherFailed, problem.words()));
  }

  /** The end, if the trainer's failure is one that no further attempt can mend. */
  static Optional<JobState> trainerGivenUp(DecisionInput input) {
    Work trainer = input.observed().trainer();
    return givenUp(input, trainer, Reason.TrainerFailed, () -> lastWords(input));
  }

  /** The end, if what fills the signal cache failed so that no further attempt can mend it. */
  static Optional<JobState> fillGivenUp(DecisionInput input) {
    Work work = input.observed().fill().work();
    return givenUp(input, work, Reason.TeacherFailed, () -> fillsLastWords(input));
  }

  private static Optional<JobState> givenUp(
      DecisionInput input, Work trainer, Reason fatal, Supplier<String> lastWords) {
    if (trainer.state() != WorkState.Failed || stoppedOnRequest(trainer)) {
      return Optional.empty();
    }
    if (!retriable(trainer)) {
      return Optional.of(new JobState.Ended(false, fatal, lastWords.get()));
    }
    int limit =
        Objects.requireNonNullElse(
            input.spec().backoffLimit(), DistillationJobSpec.DEFAULT_BACKOFF_LIMIT);
    return trainer.failures() <= limit
        ? Optional.empty()
        : Optional.of(
            new JobState.Ended(
                false,
                Reason.BackoffLimitExceeded,
                "Failed "
                    + trainer.failures()
                    + " times, spec.backoffLimit is "
                    + limit
                    + "; the last time: "
                    + lastWords.get()));
  }

  /** How long to wait before a failed trainer is started again; zero if it may be now. */
  static Duration delay(DecisionInput input) {
    return delay(input.observed().trainer(), input.now());
  }

  /** How long to wait before something that failed is started again. */
  static Duration delay(Work trainer, Instant now) {
    if (stoppedOnRequest(trainer) || trainer.endedAt() == null) {
      return Duration.ZERO;
    }
    int doublings = Math.max(0, Math.min(MOST_DOUBLINGS, trainer.failures() - 1));
    Duration full = FIRST_DELAY.multipliedBy(1L << doublings);
    Instant next = trainer.endedAt().plus(full.compareTo(LONGEST_DELAY) < 0 ? full : LONGEST_DELAY);
    Duration left = Duration.between(now, next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static boolean stoppedOnRequest(Work trainer) {
    return trainer.exitCode() != null && trainer.exitCode() == ExitCode.TRY_AGAIN.code();
  }

  private static boolean retriable(Work trainer) {
    return trainer.exitCode() == null || ExitCode.of(trainer.exitCode()).retriable();
  }

  /** Why what fills the signal cache failed. */
  static String fillsLastWords(DecisionInput input) {
    Work work = input.observed().fill().work();
    return work.message() == null || work.message().isBlank()
        ? "what fills the signal cache was lost"
        : work.message();
  }

  /** The trainer's own reason for its failure. */
  static String lastWords(DecisionInput input) {
    Work trainer = input.observed().trainer();
    Progress progress = input.observed().progress();
    if (trainer.message() != null && !trainer.message().isBlank()) {
      return trainer.message();
    }
    if (progress != null
        && progress.stage().state() == Progress.State.Failed
        && progress.stage().message() != null) {
      return progress.stage().message();
    }
    return trainer.exitCode() == null
        ? "the trainer was lost"
        : "the trainer ended with exit code " + trainer.exitCode();
  }
}
