package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Every process has only its own segments of weights and gradients (ZeRO stage 3, arXiv 1910.02054;
 * fully sharded data parallelism, arXiv 2304.11277). A tensor is made whole while it is needed, and
 * its gradient goes to those it belongs to as soon as a backward pass has made it.
 */
final class FullShards implements Partition {
  private final Collectives collectives;
  private final List<NDArray> leaves;
  private final Program program;
  private final NDManager manager;
  private final List<Shape> shapes;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> gradients = new ArrayList<>();
  private final int[] users;
  private final boolean[] learning;

  /** Keeps this process's segments of tensors that are whole now, and frees the rest. */
  FullShards(Collectives collectives, List<NDArray> leaves) {
    this.collectives = collectives;
    this.leaves = leaves;
    this.manager = leaves.get(0).getManager().newSubManager();
    this.program = Program.load(manager, "shards");
    this.shapes = leaves.stream().map(NDArray::getShape).toList();
    this.users = new int[leaves.size()];
    this.learning = new boolean[leaves.size()];
    for (int tensor = 0; tensor < leaves.size(); tensor++) {
      weights.add(cut(tensor));
      gradients.add(manager.zeros(new Shape(own(tensor).length())));
      letGo(tensor);
      letGoGradient(tensor);
    }
  }

  private NDArray cut(int tensor) {
    try (NDManager scope = manager.newSubManager()) {
      World.Segment own = own(tensor);
      NDArray part = program.call(scope, "part", leaves.get(tensor), own.from(), own.to());
      return program.call(manager, "copy", part);
    }
  }

  @Override
  public Collectives collectives() {
    return collectives;
  }

  @Override
  public int count() {
    return leaves.size();
  }

  @Override
  public World world() {
    return collectives.world();
  }

  @Override
  public boolean keepsGradients() {
    return false;
  }

  @Override
  public World.Segment own(int tensor) {
    return collectives.world().segment(elements(tensor));
  }

  @Override
  public long elements(int tensor) {
    return shapes.get(tensor).size();
  }

  @Override
  public NDArray weights(NDManager scope, int tensor) {
    return weights.get(tensor);
  }

  @Override
  public NDArray gradient(NDManager scope, int tensor) {
    return gradients.get(tensor);
  }

  @Override
  public void needed(int tensor) {
    if (users[tensor]++ > 0) {
      return;
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray whole = zeros(scope, tensor);
      collectives.allGather(weights.get(tensor), whole);
      hold(scope, leaves.get(tensor), whole, tensor);
    }
  }

  private NDArray zeros(NDManager scope, int tensor) {
    return program.call(scope, "zeros", weights.get(tensor), elements(tensor));
  }

  private void hold(NDManager scope, NDArray holder, NDArray flat, int tensor) {
    Shape shape = shapes.get(tensor);
    program.call(scope, "hold", holder, flat, shape.dimension() == 1 ? 0 : shape.get(1));
  }

  @Override
  public void used(int tensor) {
    if (--users[tensor] == 0) {
      letGo(tensor);
    }
  }

  private void letGo(int tensor) {
    try (NDManager scope = manager.newSubManager()) {
      program.call(scope, "let_go", leaves.get(tensor));
    }
  }

  private void letGoGradient(int tensor) {
    try (NDManager scope = manager.newSubManager()) {
      program.call(scope, "let_go", Torch.gradient(scope, leaves.get(tensor)));
      learning[tensor] = false;
    }
  }

  @Override
  public void learning(int tensor) {
    if (learning[tensor]) {
      return;
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray gradient = Torch.gradient(scope, leaves.get(tensor));
      hold(scope, gradient, zeros(scope, tensor), tensor);
      learning[tensor] = true;
    }
  }

  @Override
  public void learnt(int tensor, boolean last) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray gradient = Torch.gradient(scope, leaves.get(tensor));
      NDArray part = program.call(scope, "zeros", weights.get(tensor), own(tensor).length());
      collectives.reduceScatter(gradient, part);
      program.call(scope, "add", gradients.get(tensor), part);
    }
    letGoGradient(tensor);
  }

  @Override
  public void replace(int tensor, Runnable work) {
    try (NDManager scope = manager.newSubManager()) {
      hold(scope, leaves.get(tensor), zeros(scope, tensor), tensor);
      work.run();
      World.Segment own = own(tensor);
      NDArray part = program.call(scope, "part", leaves.get(tensor), own.from(), own.to());
      part.copyTo(weights.get(tensor));
    }
    letGo(tensor);
  }

  @Override
  public void forget() {
    try (NDManager scope = manager.newSubManager()) {
      program.call(scope, "clear", gradients);
    }
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
