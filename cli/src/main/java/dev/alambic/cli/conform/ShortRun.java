package dev.alambic.cli.conform;

import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.List;

/** A run of a few steps, made from a planned one. */
final class ShortRun {
  /** Optimizer steps of all. */
  static final int STEPS = 64;

  /** Optimizer steps from one checkpoint to the next. */
  static final int CHECKPOINT_STEPS = 8;

  private ShortRun() {}

  /**
   * The short run.
   *
   * @param folder where its checkpoints and its student go
   * @param teacher host:port of the teacher
   */
  static RunSpec of(RunSpec planned, Path folder, String teacher) {
    long batch = planned.training().batchTokens();
    return planned
        .withJob("conform")
        .withTeacher(planned.teacher().withEndpoints(List.of(teacher)))
        .withStudent(planned.student().withOutputPath(folder.resolve("student").toString()))
        .withTraining(training(planned.training()))
        .withCheckpoint(
            new RunSpec.Checkpoint(
                folder.resolve("checkpoints").toString(), CHECKPOINT_STEPS * batch, 2, false));
  }

  private static RunSpec.Training training(RunSpec.Training planned) {
    RunSpec.Rate rate = planned.rate();
    return planned
        .withTokenBudget(STEPS * planned.batchTokens())
        .withSteps(STEPS)
        .withRate(
            rate.withWarmupSteps(Math.min(rate.warmupSteps(), STEPS / 8))
                .withDecaySteps(STEPS / 4));
  }
}
