package dev.alambic.train;

import dev.alambic.model.Decoder;
import dev.alambic.run.RunSpec;
import java.util.List;
import java.util.function.DoublePredicate;

/** One optimizer step: gradients gathered over micro-batches, then AdamW. */
final class TrainStep implements AutoCloseable {
  private final Objective objective;
  private final Backpropagation backpropagation;
  private final AdamW optimizer;
  private final int microBatch;
  private final double labelWeight;

  TrainStep(Decoder decoder, RunSpec.Objective objective, RunSpec.Training training) {
    decoder.requireGradients();
    this.objective = new Objective(decoder, objective);
    this.backpropagation =
        new Backpropagation(decoder, this.objective, training.recomputeActivations());
    this.optimizer = new AdamW(decoder, training);
    this.labelWeight = objective.labelWeight();
    this.microBatch = training.microBatchSequences();
  }

  /**
   * Makes one step, or none: of a batch whose loss is refused, or whose gradient is not finite,
   * nothing is applied.
   *
   * @param updates optimizer steps applied before this one
   * @param rate learning rate
   * @param acceptable asked of the batch's loss, nats per token
   */
  Result run(List<Example> batch, long updates, double rate, DoublePredicate acceptable) {
    int positions = batch.stream().mapToInt(Example::counted).sum();
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < batch.size(); from += microBatch) {
      List<Example> part = batch.subList(from, Math.min(batch.size(), from + microBatch));
      sums = sums.plus(backpropagation.run(part, 1.0 / positions));
    }
    double loss = loss(sums, batch);
    if (!acceptable.test(loss)) {
      optimizer.clear();
      return new Result(sums, loss, Double.NaN);
    }
    return new Result(sums, loss, optimizer.step(updates, rate));
  }

  /** Without a teacher the text is all that there is to learn from. */
  private double loss(LossSums sums, List<Example> batch) {
    double label = batch.get(0).signal() == null ? 1 : labelWeight;
    return label * sums.meanCrossEntropy() + (1 - label) * sums.meanDivergence();
  }

  /**
   * What came of a step.
   *
   * @param loss the objective, nats per token
   * @param gradientNorm before clipping; the step was skipped if it is not finite
   */
  record Result(LossSums sums, double loss, double gradientNorm) {
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
