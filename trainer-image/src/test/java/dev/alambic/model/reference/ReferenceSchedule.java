package dev.alambic.model.reference;

/**
 * The learning rate of step 1, 2, ..., {@code steps}. The last step has the final rate, the last
 * step of the warm-up the peak.
 *
 * @param warmup steps of linear growth from zero
 * @param decay last steps, in which warmup-stable-decay falls linearly
 */
public record ReferenceSchedule(
    long steps, long warmup, long decay, double peakRate, double finalRate) {

  /** Warm-up, constant, linear decay (MiniCPM, arXiv 2404.06395; linear as in 2405.18392). */
  public double warmupStableDecay(long step) {
    if (step < warmup) {
      return peakRate * step / warmup;
    }
    long intoDecay = step - (steps - decay);
    return intoDecay <= 0
        ? peakRate
        : peakRate + (finalRate - peakRate) * ((double) intoDecay / decay);
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
