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
 * needed, used      around each use of a tensor's weights; may be nested
 * learning, learnt  around what adds to its gradient
 * summed            all gradients have been learnt
 * updated           the own segments of all weights have been changed; or forget: nothing is to be
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
    Partition partition = of(Sharding.None, new Alone(), manager);
    tensors.forEach(partition::made);
    return partition;
  }

  /** A float32 tensor, whole now; from here on it gathers a gradient. */
  @Override
  void made(NDArray tensor);

  Collectives collectives();

  /** How many tensors there are. */
  int count();

  /** Elements of a whole tensor. */
  long elements(int tensor);

  /** What of a flat tensor is updated, and saved, by this process. */
  World.Segment own(int tensor);

  /** Which part of how many this process updates, and saves: the only one, or its own. */
  World world();

  /** Whether whole gradients stay with this process until {@link #learnt} for the last time. */
  default boolean keepsGradients() {
    return true;
  }

  /** This process's own segment of a tensor's weights; what is written there is in the weights. */
  NDArray weights(NDManager scope, int tensor);

  /** This process's own segment of a tensor's gradient, summed over all. */
  NDArray gradient(NDManager scope, int tensor);

  /** Makes a tensor's weights whole. */
  default void needed(int tensor) {}

  /** The weights need not be whole any more. */
  default void used(int tensor) {}

  /** Makes room for a tensor's gradient. */
  default void learning(int tensor) {}

  /**
   * A backward pass has added to a tensor's gradient.
   *
   * @param last whether it was the step's last
   */
  void learnt(int tensor, boolean last);

  /** Waits until the gradients are summed. */
  default void summed() {}

  /** The own segments have been changed, and their gradients cleared. */
  default void updated() {}

  /** The own segments of all weights have been changed. */
  default void changed() {}

  /** Clears all gradients. */
  void forget();

  /** Does something with whole weights. */
  default void whole(int tensor, Runnable work) {
    needed(tensor);
    try {
      work.run();
    } finally {
      used(tensor);
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
