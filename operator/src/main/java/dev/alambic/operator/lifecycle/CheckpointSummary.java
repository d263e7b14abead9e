package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.CheckpointStatus;
import dev.alambic.run.Progress;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The newest good checkpoint, and what is wrong with others; as before, if no trainer reports any.
 */
final class CheckpointSummary {
  private static final CheckpointStatus NONE = new CheckpointStatus(null, null, null, null, null);

  private CheckpointSummary() {}

  static CheckpointStatus of(DecisionInput input) {
    CheckpointStatus before = input.previous().checkpoint();
    Progress progress = input.observed().progress();
    if (progress == null) {
      return before;
    }
    List<String> damaged =
        progress.saved().damaged().stream()
            .map(damage -> damage.path() + ": " + damage.why())
            .toList();
    String failure = progress.saved().failure();
    Progress.Checkpoint newest = progress.saved().checkpoint();
    if (newest == null && before == null && failure == null && damaged.isEmpty()) {
      return null;
    }
    CheckpointStatus good = newest != null ? status(newest) : before != null ? before : NONE;
    return new CheckpointStatus(
        good.tokens(), good.path(), good.time(), failure, damaged.isEmpty() ? null : damaged);
  }

  private static CheckpointStatus status(Progress.Checkpoint newest) {
    return new CheckpointStatus(newest.tokens(), newest.path(), time(newest), null, null);
  }

  private static String time(Progress.Checkpoint newest) {
    return newest.time() == null ? null : newest.time().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
