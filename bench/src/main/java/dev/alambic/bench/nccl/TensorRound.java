package dev.alambic.bench.nccl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.parallel.Alone;
import dev.alambic.parallel.NcclCollectives;
import dev.alambic.parallel.NcclLibrary;
import dev.alambic.torch.Torch;

/** The trainer's own way: PyTorch's tensors on a GPU, by whatever NCCL PyTorch has, alone. */
final class TensorRound {
  private static final int COUNT = 1 << 20;

  private TensorRound() {}

  /**
   * PyTorch writes, NCCL works on it, PyTorch reads, and nothing waits in between: that they share
   * a stream has to be enough.
   *
   * @return what was seen
   */
  static String run() {
    Torch.start(1);
    if (!Torch.hasGpu()) {
      return "tensors: not run, PyTorch sees no GPU";
    }
    try (NDManager manager = Torch.newManager();
        NcclCollectives collectives = NcclCollectives.open(NcclLibrary.load(), new Alone())) {
      NDArray whole = manager.ones(new Shape(COUNT)).add(manager.ones(new Shape(COUNT)));
      NDArray part = manager.zeros(new Shape(COUNT));
      collectives.allReduce(whole);
      collectives.reduceScatter(whole, part);
      NDArray gathered = manager.zeros(new Shape(2 * COUNT));
      NDArray view = gathered.get(new NDIndex("{}:", COUNT));
      collectives.allGather(part.add(part), view);
      collectives.broadcast(gathered, 0);
      float sum = gathered.sum().toFloatArray()[0];
      if (sum != 4f * COUNT) {
        throw new IllegalStateException("tensors: a sum of " + sum + " instead of " + 4f * COUNT);
      }
      return "tensors: all results right";
    }
  }
}
