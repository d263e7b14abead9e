package dev.alambic.step;

import dev.alambic.parallel.Collectives;
import dev.alambic.run.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Losses summed over positions, in nats, and probabilities on the signal's ids.
 *
 * @param labelCrossEntropy of the student on the text's own tokens
 * @param divergence from teacher to student; 0 without a teacher
 * @param masses summed over the same positions; 0 without a teacher
 * @param positions how many positions counted
 */
public record LossSums(
    double labelCrossEntropy, double divergence, Progress.Masses masses, long positions) {
  public static final LossSums ZERO = new LossSums(0, 0, new Progress.Masses(0, 0, 0), 0);

  /** Both together. */
  public LossSums plus(LossSums other) {
    return new LossSums(
        labelCrossEntropy + other.labelCrossEntropy,
        divergence + other.divergence,
        new Progress.Masses(
            masses.teacher() + other.masses.teacher(),
            masses.student() + other.masses.student(),
            masses.shared() + other.masses.shared()),
        positions + other.positions);
  }

  private static final int NUMBERS = 6;

  /**
   * The sums of all trainers, each of as many micro-batches, added up as one trainer would.
   *
   * @param mine of each micro-batch
   */
  public static LossSums gathered(Collectives collectives, List<LossSums> mine) {
    double[] numbers =
        mine.stream().flatMapToDouble(sums -> DoubleStream.of(sums.numbers())).toArray();
    LossSums total = ZERO;
    for (double[] theirs : collectives.gather(numbers)) {
      for (int from = 0; from < theirs.length; from += NUMBERS) {
        total = total.plus(of(Arrays.copyOfRange(theirs, from, from + NUMBERS)));
      }
    }
    return total;
  }

  private double[] numbers() {
    return new double[] {
      labelCrossEntropy,
      divergence,
      masses.teacher(),
      masses.student(),
      masses.shared(),
      (double) positions
    };
  }

  private static LossSums of(double[] numbers) {
    return new LossSums(
        numbers[0],
        numbers[1],
        new Progress.Masses(numbers[2], numbers[3], numbers[4]),
        (long) numbers[5]);
  }

  /** Nats per token. */
  public double meanCrossEntropy() {
    return labelCrossEntropy / positions;
  }

  /** Nats per token. */
  public double meanDivergence() {
    return divergence / positions;
  }

  /** Of a position. */
  public Progress.Masses meanMasses() {
    return new Progress.Masses(
        masses.teacher() / positions, masses.student() / positions, masses.shared() / positions);
  }
}
