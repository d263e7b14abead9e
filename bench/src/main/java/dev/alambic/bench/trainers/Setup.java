package dev.alambic.bench.trainers;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;
import dev.alambic.operator.plan.MemoryEstimate;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trainers of one student.
 *
 * @param trainers how many
 * @param shares in how many a batch is added up; more than the trainers take memory for gradients
 *     that wait for others
 */
record Setup(Sharding sharding, int trainers, int shares) {
  static final int BATCH = 4;
  static final int SEQUENCE = 128;
  static final int STEPS = 3;
  private static final int BATCH_TOKENS = BATCH * SEQUENCE;
  private static final int MICRO_BATCH = 1;
  private static final int CHECKPOINT_STEPS = 2;
  private static final int VOCABULARY = 4096;
  private static final int LAYERS = 8;
  private static final double RATE = 1e-3;

  /** What is compared: each sharding with each number of trainers; one has nothing to share. */
  static List<Setup> all(List<Sharding> shardings, List<Integer> trainers) {
    List<Setup> all = new ArrayList<>();
    for (Sharding sharding : shardings) {
      for (int count : trainers) {
        if (count > 1 || sharding == Sharding.None) {
          all.add(new Setup(sharding, count, count));
        }
      }
    }
    return all;
  }

  /** One trainer, as many shares as sequences: the curve that others are held against. */
  static Setup reference() {
    return new Setup(Sharding.None, 1, BATCH);
  }

  /** The same with the shares of {@link #reference}. */
  Setup withAllShares() {
    return new Setup(sharding, trainers, BATCH);
  }

  /**
   * A student of about {@code parameters} parameters, few of them embeddings: the width makes them.
   */
  static DecoderConfig student(long parameters) {
    int headSize = 8;
    while (student(headSize).parameters() < parameters) {
      headSize += 8;
    }
    return student(headSize);
  }

  private static DecoderConfig student(int size) {
    int width = 8 * size;
    return Gemma2.decoder(
        VOCABULARY, width, LAYERS, 8, 4, size, 4 * width, SEQUENCE, SEQUENCE, size);
  }

  MemoryEstimate estimate(DecoderConfig student) {
    Trainers planned = new Trainers(trainers, sharding);
    return MemoryEstimate.of(student, Precision.FP32, planned, MICRO_BATCH, SEQUENCE, true);
  }

  /** Bytes of the plan's estimate that are rank 0's alone: of a checkpoint the others hold less. */
  long firstAlone(DecoderConfig student) {
    return sharding == Sharding.None
        ? estimate(student).host().snapshot()
        : Float.BYTES * student.parameters();
  }

  /** The run, in a folder with a tokenizer. */
  RunSpec spec(DecoderConfig student, Path folder, List<String> addresses) {
    RunSpec.Training training =
        Recipe.training(SEQUENCE, BATCH, MICRO_BATCH, STEPS, RATE, 1)
            .withRate(new RunSpec.Rate(Schedule.WarmupStableDecay, 1, 1, RATE, RATE))
            .withNumerics(new RunSpec.Numerics(Precision.FP32, true, 1));
    RunSpec spec =
        Recipe.run("trainers", folder, student, folder, Recipe.text(folder, folder), training);
    return spec.withTeacher(Recipe.teacher(folder, BATCH_TOKENS))
        .withEvaluation(new RunSpec.Evaluation(BATCH, BATCH_TOKENS, 8, BATCH_TOKENS))
        .withCheckpoint(spec.checkpoint().withEveryTokens(CHECKPOINT_STEPS * BATCH_TOKENS))
        .withTrainers(new RunSpec.Trainers(addresses, sharding, shares, 1));
  }
}
