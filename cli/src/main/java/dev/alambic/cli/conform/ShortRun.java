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
    return new RunSpec(
        planned.version(),
        "conform",
        teacher(planned.teacher(), teacher),
        student(planned.student(), folder),
        planned.data(),
        planned.objective(),
        planned.signal(),
        training(planned.training()),
        planned.rollout(),
        planned.evaluation(),
        new RunSpec.Checkpoint(
            folder.resolve("checkpoints").toString(), CHECKPOINT_STEPS * batch, 2, false),
        planned.saturation(),
        planned.trainers(),
        planned.threads());
  }

  private static RunSpec.Teacher teacher(RunSpec.Teacher planned, String endpoint) {
    return new RunSpec.Teacher(
        planned.modelPath(),
        List.of(endpoint),
        planned.maxBatchTokens(),
        planned.runtime(),
        planned.servedModel());
  }

  private static RunSpec.Student student(RunSpec.Student planned, Path folder) {
    return new RunSpec.Student(
        planned.architecture(),
        planned.initFrom(),
        planned.tokenizerPath(),
        folder.resolve("student").toString());
  }

  private static RunSpec.Training training(RunSpec.Training planned) {
    return new RunSpec.Training(
        STEPS * planned.batchTokens(),
        planned.sequenceLength(),
        planned.batchSequences(),
        planned.microBatchSequences(),
        STEPS,
        new RunSpec.Rate(
            planned.rate().schedule(),
            Math.min(planned.rate().warmupSteps(), STEPS / 8),
            STEPS / 4,
            planned.rate().peakLearningRate(),
            planned.rate().finalLearningRate()),
        planned.optimizer(),
        planned.numerics());
  }
}
