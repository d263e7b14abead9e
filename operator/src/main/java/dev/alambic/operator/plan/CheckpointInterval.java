package dev.alambic.operator.plan;

/**
 * How many tokens lie between two checkpoints by default: about half an hour of training, because
 * that is what a crash may cost, but at least twenty checkpoints in a run.
 */
final class CheckpointInterval {
  private static final double SECONDS = 1800;

  /** A dense bf16 peak near 1e15 (H100), at 40 % utilisation. */
  private static final double GPU_FLOPS = 4e14;

  private static final double CPU_CORE_FLOPS = 5e10;

  /** Forward and backward pass, per parameter and token (arXiv 2001.08361). */
  private static final double FLOPS_PER_PARAMETER = 6;

  private static final long FEWEST_CHECKPOINTS = 20;

  private CheckpointInterval() {}

  /** Tokens between two checkpoints, at least one batch. */
  static long tokens(long budget, long batchTokens, long parameters, int trainers, Device device) {
    double each = device.gpu() ? GPU_FLOPS : CPU_CORE_FLOPS * Math.max(1, device.cpus());
    double flops = trainers * each;
    long perInterval = (long) (SECONDS * flops / (FLOPS_PER_PARAMETER * parameters));
    return Math.max(batchTokens, Math.min(perInterval, budget / FEWEST_CHECKPOINTS));
  }
}
