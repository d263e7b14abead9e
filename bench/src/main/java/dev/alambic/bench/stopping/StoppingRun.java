package dev.alambic.bench.stopping;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One run: a student, a seed, and whether it may stop.
 *
 * @param action Stop, or Continue for the run that spends its whole budget
 */
record StoppingRun(Student student, long seed, SaturationAction action) {
  static final int VOCABULARY = 288;
  static final int SEQUENCE = 128;
  private static final int BATCH = 8;
  private static final long BATCH_TOKENS = (long) BATCH * SEQUENCE;
  private static final double LEARNING_RATE = 1e-2;
  private static final int WARM_UP_STEPS = 30;
  private static final int HELD_OUT_SEQUENCES = 384;
  private static final int POINTS_PER_DOUBLING = 8;

  /** So small that it saturates, and four times as large. */
  enum Student {
    SMALL,
    LARGE;

    DecoderConfig shape() {
      int window = SEQUENCE / 2;
      return this == SMALL
          ? Gemma2.decoder(VOCABULARY, 8, 1, 1, 1, 16, 16, window, SEQUENCE, 16)
          : Gemma2.decoder(VOCABULARY, 16, 3, 1, 1, 16, 32, window, SEQUENCE, 16);
    }
  }

  String name() {
    return "%s-%d-%s".formatted(student, seed, action).toLowerCase(Locale.ROOT);
  }

  /**
   * The run specification: the student learns from the text alone.
   *
   * @param tokens budget
   * @param minGain nats per token that 10 % more tokens must bring
   */
  RunSpec spec(Path work, RunSpec.Data text, long tokens, double minGain) {
    RunSpec.Training training =
        Recipe.training(SEQUENCE, BATCH, BATCH, tokens / BATCH_TOKENS, LEARNING_RATE, seed);
    RunSpec spec =
        Recipe.run(
            name(),
            work.resolve(name()),
            student.shape(),
            work.resolve("tokenizer"),
            text,
            training
                .withTokenBudget(tokens)
                .withRate(training.rate().withWarmupSteps(WARM_UP_STEPS)));
    return spec.withObjective(new RunSpec.Objective(Divergence.ForwardKL, 1, 1, 0.5))
        .withEvaluation(
            new RunSpec.Evaluation(
                HELD_OUT_SEQUENCES, 32 * BATCH_TOKENS, POINTS_PER_DOUBLING, 16 * BATCH_TOKENS))
        .withCheckpoint(spec.checkpoint().withEveryTokens(tokens / 16).withKeep(16))
        .withSaturation(new RunSpec.Saturation(action, minGain, false));
  }
}
