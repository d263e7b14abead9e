package dev.alambic.step;

import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Partition;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * One optimizer step: gradients gathered over micro-batches, then over the trainers, then AdamW.
 *
 * <p>A batch is added up in a fixed number of shares, each trainer's in the order of {@link
 * ShareSum}, which is the trainers' as well: the gradients of 4 shares are the same bits on 4
 * trainers, on 2 and on 1. A trainer of several shares keeps the sums of those before in memory.
 * With Full sharding nothing whole can be kept, and a trainer's shares are added one by one.
 */
public final class TrainStep implements AutoCloseable {
  private final Decoder decoder;
  private final Objective objective;
  private final Backpropagation backpropagation;
  private final Partition partition;
  private final AdamW optimizer;
  private final ShareSum shareSum;
  private final int microBatch;
  private final int shares;
  private final double labelWeight;

  /**
   * Steps of a run.
   *
   * @param partition of the decoder's parameters; closed with this
   */
  public TrainStep(Decoder decoder, Partition partition, RunSpec spec) {
    RunSpec.Training training = spec.training();
    this.decoder = decoder;
    this.partition = partition;
    this.objective = new Objective(decoder, spec.objective());
    this.backpropagation =
        new Backpropagation(
            decoder, this.objective, partition, training.numerics().recomputeActivations());
    this.optimizer = new AdamW(decoder, partition, training.optimizer());
    this.shareSum = new ShareSum(decoder.parameters().all());
    this.labelWeight = spec.objective().labelWeight();
    this.microBatch = training.microBatchSequences();
    this.shares =
        Math.max(1, spec.trainers().gradientShares() / partition.collectives().world().size());
    decoder.reside(new Residence(partition));
  }

  /** A layer's weights are whole while it is computed. */
  private record Residence(Partition partition) implements Decoder.Residence {
    @Override
    public void needed(int layer) {
      partition.acquire(DecoderParameters.ofLayer(layer));
    }

    @Override
    public void used(int layer) {
      partition.release(DecoderParameters.ofLayer(layer));
    }
  }

  /**
   * Makes one step, or none: of a batch whose loss is refused, or whose gradient is not finite,
   * nothing is applied.
   *
   * @param part this trainer's part of the batch
   * @param positions that count in the whole batch
   * @param updates optimizer steps applied before this one
   * @param rate learning rate
   * @param acceptable asked of the batch's loss, nats per token
   */
  public Result run(
      List<Example> part, long positions, long updates, double rate, DoublePredicate acceptable) {
    List<LossSums> mine = new ArrayList<>();
    withEnds(
        () -> {
          gradients(part, 1.0 / positions, mine);
          return null;
        });
    LossSums sums = LossSums.gathered(partition.collectives(), mine);
    partition.awaitGradients();
    double loss = loss(sums, part);
    if (!acceptable.test(loss)) {
      partition.zeroGradients();
      return new Result(sums, loss, Double.NaN);
    }
    return new Result(sums, loss, optimizer.step(updates, rate));
  }

  /** What is done with weights. */
  public interface Use<T, E extends Exception> {
    public T run() throws E;
  }

  /** Does something for which the weights that belong to no layer are needed all the time. */
  public <T, E extends Exception> T withEnds(Use<T, E> use) throws E {
    List<Integer> ends = decoder.parameters().ends();
    ends.forEach(partition::acquire);
    try {
      return use.run();
    } finally {
      ends.forEach(partition::release);
    }
  }

  private void gradients(List<Example> part, double scale, List<LossSums> sums) {
    decoder.parameters().ends().forEach(partition::beginGradient);
    if (shares == 1 || !partition.keepsGradients()) {
      microBatches(part, scale, true, sums);
      decoder.parameters().ends().forEach(tensor -> partition.endGradient(tensor, true));
      return;
    }
    int each = (part.size() + shares - 1) / shares;
    shareSum.of(shares, i -> microBatches(slice(part, i * each, each), scale, false, sums));
    for (int tensor = partition.count() - 1; tensor >= 0; tensor--) {
      partition.endGradient(tensor, true);
    }
  }

  private void microBatches(
      List<Example> examples, double scale, boolean last, List<LossSums> sums) {
    for (int from = 0; from < examples.size(); from += microBatch) {
      boolean end = last && from + microBatch >= examples.size();
      sums.add(backpropagation.run(slice(examples, from, microBatch), scale, end));
    }
  }

  private static List<Example> slice(List<Example> examples, int from, int length) {
    int start = Math.min(examples.size(), from);
    return examples.subList(start, Math.min(examples.size(), start + length));
  }

  /** Without a teacher the text is all that there is to learn from. */
  private double loss(LossSums sums, List<Example> batch) {
    double label = batch.get(0).signal() == null ? 1 : labelWeight;
    return label * sums.meanCrossEntropy() + (1 - label) * sums.meanDivergence();
  }

  /**
   * What came of a step.
   *
   * @param sums over the whole batch
   * @param loss the objective, nats per token
   * @param gradientNorm before clipping; the step was skipped if it is not finite
   */
  public record Result(LossSums sums, double loss, double gradientNorm) {
    public boolean applied() {
      return Double.isFinite(gradientNorm);
    }
  }

  Objective objective() {
    return objective;
  }

  public Partition partition() {
    return partition;
  }

  public AdamW optimizer() {
    return optimizer;
  }

  @Override
  public void close() {
    optimizer.close();
    shareSum.close();
    partition.close();
    objective.close();
  }
}
