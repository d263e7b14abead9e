package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Every process has all weights and gathers all gradients, but only updates its own segments, so
 * that the optimizer's state is split (ZeRO stage 1, arXiv 1910.02054); then they are joined.
 */
final class OptimizerShards extends WholeTensors {
  OptimizerShards(Collectives collectives, NDManager manager) {
    super(collectives, manager);
  }

  @Override
  public World world() {
    return collectives.world();
  }

  @Override
  public World.Segment own(int tensor) {
    return collectives.world().segment(tensors.get(tensor).size());
  }

  @Override
  protected void sum(NDManager scope, NDArray gradient, int tensor) {
    collectives.reduceScatter(gradient, part(scope, gradient, own(tensor)));
  }

  @Override
  public void weightsUpdated() {
    zeroGradients();
    weightsReplaced();
  }

  @Override
  public void weightsReplaced() {
    try (NDManager scope = manager.newSubManager()) {
      for (int tensor = 0; tensor < tensors.size(); tensor++) {
        NDArray leaf = tensors.get(tensor);
        NDArray whole = part(scope, leaf, new World.Segment(0, leaf.size()));
        collectives.allGather(weights(scope, tensor), whole);
      }
    }
  }
}
