package dev.alambic.step;

import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.run.RunSpec;

/**
 * The learning rate as a function of the step, and with it the length of the run.
 *
 * @param cooldownStart the step at which an early decay started, or null if the run goes its
 *     planned way
 */
public record LearningRate(RunSpec.Training training, Long cooldownStart) {

  /** The planned schedule. */
  public static LearningRate planned(RunSpec.Training training) {
    return new LearningRate(training, null);
  }

  /** The schedule with the decay starting at {@code step}, unless it has started already. */
  public LearningRate coolDownFrom(long step) {
    return cooling(step) ? this : new LearningRate(training, step);
  }

  /** Optimizer steps in all. */
  public long steps() {
    return cooldownStart == null
        ? training.steps()
        : Math.min(training.steps(), cooldownStart + earlyDecaySteps());
  }

  /**
   * As long as planned: what a decay brings rests on its own length (arXiv 2405.18392, section
   * 4.2), and most of what ending early costs is a decay cut short. But a run that ends at a tenth
   * of its budget does not decay for longer than half of what it trained; a tenth if none is
   * planned.
   */
  private long earlyDecaySteps() {
    long decay = training.rate().decaySteps();
    return Math.max(1, decay > 0 ? Math.min(decay, cooldownStart / 2) : cooldownStart / 10);
  }

  /** The rate of step {@code step}, counted from 0. */
  public double at(long step) {
    if (cooldownStart != null && step >= cooldownStart) {
      double top = planned(training).at(cooldownStart);
      return decay(top, step - cooldownStart, steps() - cooldownStart);
    }
    if (step < training.rate().warmupSteps()) {
      return training.rate().peakLearningRate() * (step + 1) / training.rate().warmupSteps();
    }
    return training.rate().schedule() == Schedule.Cosine ? cosine(step) : stable(step);
  }

  /**
   * Whether the rate falls at {@code step}: what is measured then shows nothing about saturation.
   */
  public boolean cooling(long step) {
    return step >= decayStart();
  }

  /** Whether the rate at {@code step} is the constant one. */
  public boolean constant(long step) {
    return step >= training.rate().warmupSteps() && !cooling(step);
  }

  private long decayStart() {
    if (cooldownStart != null) {
      return cooldownStart;
    }
    return training.rate().schedule() == Schedule.Cosine
        ? training.rate().warmupSteps()
        : training.steps() - training.rate().decaySteps();
  }

  private double stable(long step) {
    long start = training.steps() - training.rate().decaySteps();
    return step < start
        ? training.rate().peakLearningRate()
        : decay(training.rate().peakLearningRate(), step - start, training.rate().decaySteps());
  }

  /** Down by one minus a square root, the best of the shapes tried in arXiv 2405.18392. */
  private double decay(double top, long done, long length) {
    double share = (done + 1.0) / length;
    double bottom = Math.min(top, training.rate().finalLearningRate());
    return bottom + (top - bottom) * (1 - Math.sqrt(Math.min(1, share)));
  }

  private double cosine(long step) {
    double length = training.steps() - training.rate().warmupSteps();
    double share = (step - training.rate().warmupSteps() + 1) / length;
    double span = training.rate().peakLearningRate() - training.rate().finalLearningRate();
    return training.rate().finalLearningRate() + span * (1 + Math.cos(Math.PI * share)) / 2;
  }
}
