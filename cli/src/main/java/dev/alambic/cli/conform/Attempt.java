package dev.alambic.cli.conform;

import dev.alambic.run.Progress;
import java.util.List;
import java.util.Optional;

/**
 * What one attempt of a trainer showed.
 *
 * @param healthy whether it answered {@code /healthz}
 * @param said its progress whenever that changed, oldest first
 * @param illSaid what was wrong with an answer that was no progress, if one was not
 * @param readyOutOfTraining whether it reported to be ready while it did not train
 * @param exitCode how it ended, or null: it had to be killed because it did not
 * @param left the progress that it left beside its checkpoints
 * @param messageBytes size of its termination message; 0 if it left none
 * @param message its termination message, if that is a progress
 */
record Attempt(
    boolean healthy,
    List<Progress> said,
    Optional<String> illSaid,
    boolean readyOutOfTraining,
    Integer exitCode,
    Optional<Progress> left,
    int messageBytes,
    Optional<Progress> message) {

  /** Tokens that it reported first while training; -1 if it never did. */
  long firstTokens() {
    return said.stream()
        .filter(Attempt::makesSteps)
        .mapToLong(progress -> progress.position().tokens())
        .findFirst()
        .orElse(-1);
  }

  /** The most tokens that it reported, or left. */
  long mostTokens() {
    long most = said.stream().mapToLong(progress -> progress.position().tokens()).max().orElse(0);
    return Math.max(most, left.map(progress -> progress.position().tokens()).orElse(0L));
  }

  /** The tokens of the newest checkpoint that it reported; 0 if it reported none. */
  long checkpointTokens() {
    return said.stream()
        .filter(progress -> progress.saved().checkpoint() != null)
        .mapToLong(progress -> progress.saved().checkpoint().tokens())
        .max()
        .orElse(0);
  }

  static boolean makesSteps(Progress progress) {
    return progress.stage().state() == Progress.State.Training
        || progress.stage().state() == Progress.State.CoolingDown;
  }
}
