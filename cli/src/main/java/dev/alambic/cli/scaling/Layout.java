package dev.alambic.cli.scaling;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Batch;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.MicroBatch;
import dev.alambic.operator.plan.Trainers;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a student and a batch lie on GPUs.
 *
 * @param sequences of the batch, over all GPUs
 * @param microBatchSequences sequences in one forward pass
 * @param recompute whether a layer's forward pass is repeated before its backward pass
 * @param memoryBytes of each GPU
 */
public record Layout(
    Sharding sharding,
    int sequences,
    int microBatchSequences,
    boolean recompute,
    long memoryBytes) {

  /** The least sharding that fits, and with it the largest micro-batch; none if Full does not. */
  static Optional<Layout> fitting(
      DecoderConfig shape, Precision precision, Batch batch, Accelerator gpu, int gpus) {
    Device device = Device.gpu(gpu.memoryBytes(), 1);
    return Arrays.stream(Sharding.values())
        .map(sharding -> new Trainers(gpus, sharding))
        .flatMap(trainers -> fitting(shape, precision, batch, device, trainers).stream())
        .findFirst();
  }

  private static Optional<Layout> fitting(
      DecoderConfig shape, Precision precision, Batch batch, Device device, Trainers trainers) {
    MicroBatch micro = MicroBatch.of(shape, precision, trainers, batch, device);
    return Optional.of(micro)
        .filter(MicroBatch::fits)
        .map(
            fits ->
                new Layout(
                    trainers.sharding(),
                    batch.sequences(),
                    fits.sequences(),
                    fits.recompute(),
                    fits.memory().on(device)));
  }

  /** The passes of one of {@code gpus} GPUs. */
  Passes passes(int gpus, int sequenceLength) {
    return new Passes(
        (long) sequences / gpus * sequenceLength,
        (long) microBatchSequences * sequenceLength,
        recompute);
  }
}
