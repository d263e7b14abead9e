package dev.alambic.train;

import dev.alambic.model.Decoder;
import dev.alambic.run.RunSpec;
import java.util.List;

/** One optimizer step: gradients gathered over micro-batches, then AdamW. */
final class TrainStep implements AutoCloseable {
  private final Objective objective;
  private final Backpropagation backpropagation;
  private final AdamW optimizer;
  private final int microBatch;

  TrainStep(Decoder decoder, RunSpec.Objective objective, RunSpec.Training training) {
    decoder.requireGradients();
    this.objective = new Objective(decoder, objective);
    this.backpropagation =
        new Backpropagation(decoder, this.objective, training.recomputeActivations());
    this.optimizer = new AdamW(decoder, training);
    this.microBatch = training.microBatchSequences();
  }

  /**
   * Makes one step.
   *
   * @param step optimizer steps applied before this one
   * @param rate learning rate
   */
  Result run(List<Example> batch, long step, double rate) {
    int positions = batch.stream().mapToInt(Example::counted).sum();
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < batch.size(); from += microBatch) {
      List<Example> part = batch.subList(from, Math.min(batch.size(), from + microBatch));
      sums = sums.plus(backpropagation.run(part, 1.0 / positions));
    }
    return new Result(sums, optimizer.step(step, rate));
  }

  /**
   * What came of a step.
   *
   * @param gradientNorm before clipping; the step was skipped if it is not finite
   */
  record Result(LossSums sums, double gradientNorm) {
    boolean applied() {
      return Double.isFinite(gradientNorm);
    }
  }

  Objective objective() {
    return objective;
  }

  AdamW optimizer() {
    return optimizer;
  }

  @Override
  public void close() {
    optimizer.close();
    objective.close();
  }
}
