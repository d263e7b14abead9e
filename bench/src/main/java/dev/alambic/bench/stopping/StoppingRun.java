package dev.alambic.bench.stopping;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One run: a student, a seed, and whether it may stop.
 *
 * @param action Stop, or Continue for the run that spends its whole budget
 */
record StoppingRun(Student student, long seed, SaturationAction action) {
  private static final int BATCH = 8;
  private static final double LEARNING_RATE = 1e-2;
  private static final double DECAY_SHARE = 0.2;
  private static final int HELD_OUT_SEQUENCES = 384;
  private static final int POINTS_PER_DOUBLING = 8;

  String name() {
    return "%s-%d-%s".formatted(student, seed, action).toLowerCase(Locale.ROOT);
  }

  /**
   * The run specification: the student learns from the text alone.
   *
   * @param tokens budget
   * @param minGain nats per token that 10 % more tokens must bring
   */
  RunSpec spec(Path work, Path text, long tokens, double minGain) {
    Path folder = work.resolve(name());
    long batchTokens = (long) BATCH * Student.SEQUENCE;
    return new RunSpec(
        RunSpec.VERSION,
        name(),
        null,
        new RunSpec.Student(
            student.shape(),
            null,
            work.resolve("tokenizer").toString(),
            folder.resolve("student").toString()),
        data(work, text),
        new RunSpec.Objective(Divergence.ForwardKL, 1, 1, 0.5),
        new RunSpec.Signal(SignalEncoding.Sampled, 50, 0, null),
        training(tokens),
        null,
        new RunSpec.Evaluation(
            HELD_OUT_SEQUENCES, 32 * batchTokens, POINTS_PER_DOUBLING, 16 * batchTokens),
        new RunSpec.Checkpoint(folder.resolve("checkpoints").toString(), tokens / 16, 16, false),
        new RunSpec.Saturation(action, minGain, false),
        RunSpec.Trainers.ONE,
        1);
  }

  static RunSpec.Data data(Path work, Path text) {
    return new RunSpec.Data(
        text.toString(), DataFormat.Text, "text", null, work.resolve("tokens").toString(), null);
  }

  private RunSpec.Training training(long tokens) {
    long steps = tokens / (BATCH * Student.SEQUENCE);
    return new Recipe(Student.SEQUENCE, BATCH, BATCH, steps)
        .training(tokens, 30, (long) (steps * DECAY_SHARE), LEARNING_RATE, seed);
  }
}
