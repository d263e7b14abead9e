package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.operator.plan.Gpus;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.Progress;
import java.util.Optional;

/**
 * What a run saves that ends early.
 *
 * @param tokens of the budget that are never trained on
 * @param gpuHours that these would have taken at the last speed, over all trainer and teacher GPUs;
 *     null without GPUs or a speed
 */
record Savings(long tokens, Double gpuHours, StopCause cause) {
  private static final double SECONDS_PER_HOUR = 3600;

  /** The savings that the trainer reports, if it ends early. */
  static Optional<Savings> of(Progress progress, Optional<RunPlan> plan) {
    if (progress == null
        || progress.verdict().saturation() == null
        || progress.verdict().saturation().savedTokens() == null) {
      return Optional.empty();
    }
    long tokens = progress.verdict().saturation().savedTokens();
    Gpus gpus = plan.map(RunPlan::gpus).orElse(new Gpus(0, 0));
    return Optional.of(
        new Savings(
            tokens,
            gpuHours(tokens, progress.speed().tokensPerSecond(), gpus.total()),
            progress.verdict().saturation().stoppedBy()));
  }

  private static Double gpuHours(long tokens, Double tokensPerSecond, int gpus) {
    return gpus == 0 || tokensPerSecond == null || !(tokensPerSecond > 0)
        ? null
        : tokens / tokensPerSecond * gpus / SECONDS_PER_HOUR;
  }

  boolean byRequest() {
    return cause == StopCause.Request;
  }

  /** {@code 4M tokens (about 12.5 GPU-hours) of the budget are saved}. */
  String words() {
    String hours = Decimals.significant(gpuHours);
    return Count.format(tokens)
        + " tokens"
        + (hours == null ? "" : " (about " + hours + " GPU-hours)")
        + " of the budget are saved";
  }
}
