package dev.alambic.bench.recipe;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.run.RunSpec;

/**
 * How a benchmark's student is trained: AdamW and warm-up-stable-decay to zero in FP32, without
 * recomputation.
 *
 * @param sequenceLength tokens
 * @param batchSequences in a step
 * @param microBatchSequences in a pass
 * @param steps in all
 */
public record Recipe(int sequenceLength, int batchSequences, int microBatchSequences, long steps) {

  /**
   * The training.
   *
   * @param tokens budget
   * @param warmupSteps at its start
   * @param decaySteps at its end
   * @param rate at the peak
   */
  public RunSpec.Training training(
      long tokens, long warmupSteps, long decaySteps, double rate, long seed) {
    return new RunSpec.Training(
        tokens,
        sequenceLength,
        batchSequences,
        microBatchSequences,
        steps,
        new RunSpec.Rate(Schedule.WarmupStableDecay, warmupSteps, decaySteps, rate, 0),
        RunSpec.Optimizer.DEFAULT,
        new RunSpec.Numerics(Precision.FP32, false, seed));
  }
}
