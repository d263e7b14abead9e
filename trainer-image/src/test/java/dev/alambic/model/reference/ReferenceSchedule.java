package dev.alambic.model.reference;

/**
 * The learning rate of step 1, 2, ..., {@code steps}. The last step has the final rate, the last
 * step of the warm-up the peak.
 *
 * @param warmup steps of linear growth from zero
 * @param decay last steps, in which warmup-stable-decay falls
 */
public record ReferenceSchedule(
    long steps, long warmup, long decay, double peakRate, double finalRate) {

  /**
   * Warm-up, constant (MiniCPM, arXiv 2404.06395), then down by one minus a square root: "1-sqrt",
   * section 4.1 of arXiv 2405.18392.
   */
  public double warmupStableDecay(long step) {
    if (step < warmup) {
      return peakRate * step / warmup;
    }
    long intoDecay = step - (steps - decay);
    return intoDecay <= 0
        ? peakRate
        : finalRate + (peakRate - finalRate) * (1 - Math.sqrt((double) intoDecay / decay));
  }

  /** Warm-up, then half a cosine down (arXiv 1608.03983 without restarts). */
  public double cosine(long step) {
    if (step < warmup) {
      return peakRate * step / warmup;
    }
    double progress = (double) (step - warmup) / (steps - warmup);
    return finalRate + (peakRate - finalRate) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
