package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Every process has all of everything, and does with the summed gradients what all others do. The
 * sum of a tensor begins as soon as its gradient is complete, beside the backward pass of those
 * before it.
 */
class WholeTensors implements Partition {
  protected final Collectives collectives;
  protected final NDManager manager;
  protected final List<NDArray> tensors = new ArrayList<>();
  protected final Program program;
  private final List<Future<?>> sums = new ArrayList<>();

  WholeTensors(Collectives collectives, NDManager manager) {
    this.collectives = collectives;
    this.manager = manager;
    this.program = Program.load(manager, "shards");
  }

  @Override
  public void register(NDArray tensor) {
    Torch.requireGradient(tensor);
    tensors.add(tensor);
  }

  @Override
  public Collectives collectives() {
    return collectives;
  }

  @Override
  public int count() {
    return tensors.size();
  }

  @Override
  public long elements(int tensor) {
    return tensors.get(tensor).size();
  }

  @Override
  public World world() {
    return World.ALONE;
  }

  @Override
  public World.Segment own(int tensor) {
    return new World.Segment(0, tensors.get(tensor).size());
  }

  @Override
  public NDArray weights(NDManager scope, int tensor) {
    return part(scope, tensors.get(tensor), own(tensor));
  }

  @Override
  public NDArray gradient(NDManager scope, int tensor) {
    return part(scope, Torch.gradient(scope, tensors.get(tensor)), own(tensor));
  }

  protected final NDArray part(NDManager scope, NDArray tensor, World.Segment segment) {
    return program.call(scope, "part", tensor, segment.from(), segment.to());
  }

  @Override
  public void endGradient(int tensor, boolean last) {
    if (last) {
      sums.add(collectives.async(() -> sum(tensor)));
    }
  }

  private void sum(int tensor) {
    NDArray leaf = tensors.get(tensor);
    try (NDManager scope = manager.newSubManager()) {
      sum(scope, Torch.gradient(scope, leaf), tensor);
    }
  }

  /** Sums a whole gradient over the processes, as far as it is this one's. */
  protected void sum(NDManager scope, NDArray gradient, int tensor) {
    collectives.allReduce(gradient);
  }

  @Override
  public void awaitGradients() {
    sums.forEach(Collectives::await);
    sums.clear();
  }

  @Override
  public void zeroGradients() {
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> gradients =
          tensors.stream().map(tensor -> Torch.gradient(scope, tensor)).toList();
      program.call(scope, "clear", gradients);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
