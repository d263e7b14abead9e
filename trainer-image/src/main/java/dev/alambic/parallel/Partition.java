package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.model.TensorKeeper;
import java.util.List;

/**
 * How a student's tensors, and what belongs to them, are spread over the processes of a world. A
 * tensor is named by its index. All processes make the same calls in the same order, those of one
 * step in this:
 *
 * <pre>
 * acquire, release            around each use of a tensor's weights; may be nested
 * beginGradient, endGradient  around each addition to its gradient
 * awaitGradients              after the last of them
 * weightsUpdated              after the own segments of all weights changed; or zeroGradients: none is to
 * </pre>
 */
public interface Partition extends TensorKeeper, AutoCloseable {
  /**
   * The partition of a kind, of no tensors yet; a process that is alone has all of everything.
   *
   * @param manager of the tensors
   */
  static Partition of(Sharding sharding, Collectives collectives, NDManager manager) {
    return switch (collectives.world().size() == 1 ? Sharding.None : sharding) {
      case None -> new WholeTensors(collectives, manager);
      case Optimizer -> new OptimizerShards(collectives, manager);
      case Full -> new FullShards(collectives, manager);
    };
  }

  /** The partition of whole tensors with a process that is alone. */
  static Partition alone(NDManager manager, List<NDArray> tensors) {
    Partition partition = of(Sharding.None, new SingleProcess(), manager);
    tensors.forEach(partition::register);
    return partition;
  }

  /** A float32 tensor, whole now; from here on it gathers a gradient. */
  @Override
  void register(NDArray tensor);

  Collectives collectives();

  /** How many tensors there are. */
  int count();

  /** Elements of a whole tensor. */
  long elements(int tensor);

  /** What of a flat tensor is updated, and saved, by this process. */
  World.Segment own(int tensor);

  /** Which part of how many this process updates, and saves: the only one, or its own. */
  World world();

  /**
   * Whether whole gradients stay with this process until {@link #endGradient} for the last time.
   */
  default boolean keepsGradients() {
    return true;
  }

  /** This process's own segment of a tensor's weights; what is written there is in the weights. */
  NDArray weights(NDManager scope, int tensor);

  /** This process's own segment of a tensor's gradient, summed over all. */
  NDArray gradient(NDManager scope, int tensor);

  /** Makes a tensor's weights whole. */
  default void acquire(int tensor) {}

  /** The weights need not be whole any more. */
  default void release(int tensor) {}

  /** Makes room for a tensor's gradient. */
  default void beginGradient(int tensor) {}

  /**
   * A backward pass has added to a tensor's gradient.
   *
   * @param last whether it was the step's last
   */
  void endGradient(int tensor, boolean last);

  /** Waits until the gradients are summed. */
  default void awaitGradients() {}

  /** The own segments have been changed, and their gradients cleared. */
  default void weightsUpdated() {}

  /** The own segments of all weights have been changed. */
  default void weightsReplaced() {}

  /** Clears all gradients. */
  void zeroGradients();

  /** Does something with whole weights. */
  default void whole(int tensor, Runnable work) {
    acquire(tensor);
    try {
      work.run();
    } finally {
      release(tensor);
    }
  }

  /** Replaces whole weights, of which this process then keeps what it does. */
  @Override
  default void replace(int tensor, Runnable replacement) {
    replacement.run();
  }

  @Override
  void close();
}
