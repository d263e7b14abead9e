package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.CheckpointStatus;
import dev.alambic.api.v1alpha1.ProgressStatus;
import dev.alambic.run.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a trainer got over by itself, and no condition tells: checkpoints that were skipped or could
 * not be written, and weights that went back. Told once, as the status remembers.
 */
final class TrainerNews {
  static final String CHECKPOINT_DAMAGED = "CheckpointDamaged";
  static final String CHECKPOINT_FAILED = "CheckpointFailed";
  static final String ROLLED_BACK = "RolledBack";

  private TrainerNews() {}

  static List<Event> of(DecisionInput input) {
    if (input.observed().progress() == null) {
      return List.of();
    }
    List<Event> news = new ArrayList<>();
    addCheckpoints(news, input.previous().checkpoint(), CheckpointSummary.of(input));
    addRollbacks(news, input.previous().progress(), input.observed().progress());
    return news;
  }

  private static void addCheckpoints(
      List<Event> news, CheckpointStatus before, CheckpointStatus now) {
    List<String> told = before == null || before.damaged() == null ? List.of() : before.damaged();
    if (now != null && now.damaged() != null) {
      now.damaged().stream()
          .filter(damage -> !told.contains(damage))
          .forEach(damage -> news.add(warning(CHECKPOINT_DAMAGED, damage + "; it was skipped")));
    }
    boolean failedBefore = before != null && before.failure() != null;
    if (now != null && now.failure() != null && !failedBefore) {
      news.add(warning(CHECKPOINT_FAILED, now.failure() + "; the run continues"));
    }
  }

  private static void addRollbacks(List<Event> news, ProgressStatus before, Progress progress) {
    long told = before == null || before.rollbacks() == null ? 0 : before.rollbacks();
    if (progress.learning().rollbacks() > told) {
      news.add(
          warning(
              ROLLED_BACK,
              ("after several bad steps in a row the weights went back to a checkpoint; %d steps"
                      + " of %d were bad so far")
                  .formatted(progress.learning().badSteps(), progress.position().step())));
    }
  }

  private static Event warning(String reason, String message) {
    return new Event(Event.Type.Warning, reason, message);
  }
}
