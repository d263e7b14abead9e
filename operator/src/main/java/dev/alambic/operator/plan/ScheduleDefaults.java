package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.Schedule;

/** The learning rate and its schedule where the spec leaves them out. */
final class ScheduleDefaults {
  private static final double RATE_TIMES_WIDTH = 0.45;
  private static final double SMALLEST_RATE = 1e-5;
  private static final double LARGEST_RATE = 6e-3;
  private static final double COSINE_FLOOR = 0.1;
  private static final double DECAY_SHARE = 0.1;
  private static final long FEW_STEPS = 5;

  /** Steps after which a warm-up of 2 % no longer grows, until 1 % is more. */
  private static final long LONG_WARMUP = 100;

  private ScheduleDefaults() {}

  /**
   * Peak learning rate: 0.45 / width, which is the line through GPT-3's models from 125M to 13B
   * (arXiv 2005.14165, table 2.1), within [1e-5, 6e-3].
   */
  static double peakLearningRate(int hiddenSize) {
    return Math.max(SMALLEST_RATE, Math.min(LARGEST_RATE, RATE_TIMES_WIDTH / hiddenSize));
  }

  /** Where the rate ends: nothing after WarmupStableDecay, a tenth of the peak after a cosine. */
  static double finalLearningRate(Schedule schedule, double peak) {
    return schedule == Schedule.Cosine ? COSINE_FLOOR * peak : 0;
  }

  /** 2 % of the steps up to 100, then 1 %; at least 5, but no more than a tenth of the run. */
  static long warmupSteps(long steps) {
    long share = Math.max(ceil(steps * 0.01), Math.min(ceil(steps * 0.02), LONG_WARMUP));
    return Math.max(share, Math.min(FEW_STEPS, ceil(steps * 0.1)));
  }

  /** The last tenth of the steps (MiniCPM, arXiv 2404.06395, section 4.2); none for a cosine. */
  static long decaySteps(Schedule schedule, long steps) {
    return schedule == Schedule.Cosine ? 0 : ceil(steps * DECAY_SHARE);
  }

  private static long ceil(double steps) {
    return (long) Math.ceil(steps - 1e-9);
  }
}
