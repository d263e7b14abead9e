package dev.alambic.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.model.Decoder;
import dev.alambic.parallel.Partition;
import dev.alambic.torch.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * An exponential average of a student's weights, float32 in the host's memory, 4 bytes a parameter.
 * It is what is evaluated while the learning rate is constant: the weights themselves jitter by the
 * rate, so that evaluations of them vary by more than what tokens bring, and a decay lowers their
 * loss by many times that. The average is quiet, and near what a decay would come to.
 *
 * <p>The window is a fixed share of the run so far, and not of a fixed length, so that the average
 * of a run whose loss is a power law of its tokens follows that law too: with t steps so far and
 * gamma = {@link #EXPONENT}, step i counts as i^gamma (power function averages: Karras and others,
 * arXiv 2312.02696, section 3.1). Its standard deviation is 5 % of t, and it lags by as much.
 */
public final class WeightAverage implements AutoCloseable {
  /** sqrt(gamma + 1) / ((gamma + 2) sqrt(gamma + 3)), the relative deviation, is 0.05. */
  static final double EXPONENT = 16.97;

  /** A longer run is not averaged at each step, but when it is longer by about a thousandth. */
  private static final int STRIDES_PER_DOUBLING_BITS = 9;

  private final NDManager manager;
  private final Program program;
  private final Partition partition;
  private final List<NDArray> averages = new ArrayList<>();

  /** The average of one moment: of the weights as they are. */
  public WeightAverage(Decoder student, Partition partition) {
    this.manager = student.manager().newSubManager();
    this.program = Program.load(manager, "average");
    this.partition = partition;
    try (NDManager scope = manager.newSubManager()) {
      for (int i = 0; i < partition.count(); i++) {
        averages.add(program.call(manager, "copy", partition.weights(scope, i)));
      }
    }
  }

  /**
   * Averages of the own segments, in the order of {@link dev.alambic.model.DecoderParameters#all}.
   */
  List<NDArray> arrays() {
    return averages;
  }

  /**
   * Takes the weights in after an optimizer step.
   *
   * @param step optimizer steps applied so far, this one included
   */
  public void follow(long step) {
    if (step % stride(step) == 0) {
      average(weight(step));
    }
  }

  /** Restarts from the current weights. */
  void restart() {
    average(1);
  }

  private void average(double weight) {
    try (NDManager scope = manager.newSubManager()) {
      for (int i = 0; i < averages.size(); i++) {
        program.call(scope, "average", averages.get(i), partition.weights(scope, i), weight);
      }
    }
  }

  /** How much of the average the weights of this step become: all of it at the first. */
  static double weight(long step) {
    long before = step - stride(step - 1);
    return 1 - Math.pow((double) before / step, EXPONENT + 1);
  }

  /** Steps from one that is averaged to the next: one, until they are 1024, then two, and so on. */
  static long stride(long step) {
    return Math.max(1, Long.highestOneBit(step) >> STRIDES_PER_DOUBLING_BITS);
  }

  /** What is measured of a student. */
  public interface Measurement<T, E extends Exception> {
    T take() throws E;
  }

  /**
   * What is found with the average in the student's place; its own weights come back bit by bit.
   */
  public <T, E extends Exception> T inPlace(Measurement<T, E> measurement) throws E {
    swap();
    try {
      return measurement.take();
    } finally {
      swap();
    }
  }

  /** A layer at a time, so that no second copy of all is needed. */
  private void swap() {
    for (int i = 0; i < averages.size(); i++) {
      try (NDManager scope = manager.newSubManager()) {
        program.call(scope, "swap", averages.get(i), partition.weights(scope, i));
      }
    }
    partition.weightsReplaced();
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
