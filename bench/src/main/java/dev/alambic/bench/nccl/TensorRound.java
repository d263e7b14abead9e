package dev.alambic.bench.nccl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.NcclCollectives;
import dev.alambic.parallel.NcclLibrary;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.torch.Torch;
import java.util.concurrent.Future;

/** The trainer's own way: PyTorch's tensors on a GPU, by whatever NCCL PyTorch has, alone. */
final class TensorRound {
  private static final int COUNT = 1 << 20;
  private static final int SIDE = 4096;
  private static final int POWER = 20;

  private TensorRound() {}

  /**
   * PyTorch writes, NCCL works on it, PyTorch reads, and nothing waits in between: that they share
   * a stream has to be enough. Then the same beside other work, in another stream.
   *
   * @return what was seen
   */
  static String run() {
    Torch.start(1);
    if (!Torch.hasGpu()) {
      return "tensors: not run, PyTorch sees no GPU";
    }
    try (NDManager manager = Torch.newManager();
        NcclCollectives collectives =
            NcclCollectives.open(NcclLibrary.load(), new SingleProcess())) {
      NDArray whole = manager.ones(new Shape(COUNT)).add(manager.ones(new Shape(COUNT)));
      NDArray part = manager.zeros(new Shape(COUNT));
      collectives.allReduce(whole);
      collectives.reduceScatter(whole, part);
      NDArray gathered = manager.zeros(new Shape(2 * COUNT));
      NDArray view = gathered.get(new NDIndex("{}:", COUNT));
      collectives.allGather(part.add(part), view);
      collectives.broadcast(gathered, 0);
      requireSum(4f * COUNT, gathered);
      async(manager, collectives);
      return "tensors: all results right";
    }
  }

  /** PyTorch is still at work on what is copied when the copy is asked for, and again after it. */
  private static void async(NDManager manager, NcclCollectives collectives) {
    NDArray before = slowly(manager);
    NDArray copy = manager.zeros(before.getShape());
    Future<?> copied = collectives.async(() -> collectives.reduceScatter(before, copy));
    NDArray meanwhile = slowly(manager);
    Collectives.await(copied);
    requireSum(SIDE, copy);
    requireSum(SIDE, meanwhile);
    requireSum(SIDE, before);
  }

  /** A square matrix whose power it is, by way of some teraflops; all its bits are exact. */
  private static NDArray slowly(NDManager manager) {
    NDArray matrix = manager.ones(new Shape(SIDE, SIDE)).div(SIDE);
    NDArray power = matrix;
    for (int i = 0; i < POWER; i++) {
      power = power.matMul(matrix);
    }
    return power;
  }

  private static void requireSum(float expected, NDArray array) {
    float sum = array.sum().toFloatArray()[0];
    if (sum != expected) {
      throw new IllegalStateException("tensors: a sum of " + sum + " instead of " + expected);
    }
  }
}
