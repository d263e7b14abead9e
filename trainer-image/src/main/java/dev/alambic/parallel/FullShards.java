package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Every process has only its own segments of weights and gradients (ZeRO stage 3, arXiv 1910.02054;
 * fully sharded data parallelism, arXiv 2304.11277). A tensor is made whole while it is needed, and
 * its gradient goes to those it belongs to as soon as a backward pass has made it. Both happen
 * beside the computation: while a layer is computed, the next one's weights come and the gradient
 * of the one before goes, so that two of each are whole at a time.
 */
final class FullShards implements Partition {
  private static final int NONE = -1;

  private final Collectives collectives;
  private final List<NDArray> leaves = new ArrayList<>();
  private final Program program;
  private final NDManager manager;
  private final List<Shape> shapes = new ArrayList<>();
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> gradients = new ArrayList<>();
  private final List<Integer> users = new ArrayList<>();
  private final List<Boolean> learning = new ArrayList<>();
  private PendingGather coming;
  private PendingScatter going;
  private int last = NONE;
  private int step = 1;

  /** A tensor that is being made whole. */
  private record PendingGather(int tensor, NDArray whole, Future<?> gather) {}

  /** A gradient on its way to those it belongs to. */
  private record PendingScatter(int tensor, NDArray part, Future<?> scatter) {}

  FullShards(Collectives collectives, NDManager manager) {
    this.collectives = collectives;
    this.manager = manager.newSubManager();
    this.program = Program.load(manager, "shards");
  }

  /** Keeps this process's segment, and frees the rest. */
  @Override
  public void register(NDArray tensor) {
    Torch.requireGradient(tensor);
    int index = leaves.size();
    leaves.add(tensor);
    shapes.add(tensor.getShape());
    weights.add(copy(ownPart(manager, index)));
    gradients.add(manager.zeros(new Shape(own(index).length())));
    users.add(0);
    learning.add(false);
    letGo(tensor);
    letGoGradient(index);
  }

  private NDArray copy(NDArray part) {
    try (part) {
      return program.call(manager, "copy", part);
    }
  }

  private NDArray ownPart(NDManager scope, int tensor) {
    World.Segment own = own(tensor);
    return program.call(scope, "part", leaves.get(tensor), own.from(), own.to());
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
  public void acquire(int tensor) {
    if (users.set(tensor, users.get(tensor) + 1) > 0) {
      return;
    }
    boolean foreseen = coming != null && coming.tensor() == tensor;
    PendingGather here = foreseen ? coming : gather(tensor);
    Collectives.await(here.gather());
    hold(leaves.get(tensor), here.whole(), tensor);
    coming = foreseen ? null : coming;
    lookAhead(tensor);
  }

  private PendingGather gather(int tensor) {
    NDArray whole = zeros(tensor, elements(tensor));
    NDArray own = weights.get(tensor);
    return new PendingGather(
        tensor, whole, collectives.async(() -> collectives.allGather(own, whole)));
  }

  /** Layers are gone through upwards, then downwards: one that comes twice in a row is the turn. */
  private void lookAhead(int tensor) {
    if (tensor == last) {
      step = -step;
    } else if (last != NONE) {
      step = tensor > last ? 1 : -1;
    }
    last = tensor;
    int next = tensor + step;
    if (coming == null && next >= 0 && next < count() && users.get(next) == 0) {
      coming = gather(next);
    }
  }

  /** One that was looked ahead to, and is not needed, or not what it was. */
  private void drop() {
    if (coming != null) {
      Collectives.await(coming.gather());
      coming.whole().close();
      coming = null;
    }
  }

  private NDArray zeros(int tensor, long length) {
    return program.call(manager, "zeros", weights.get(tensor), length);
  }

  /** The memory is the holder's from here on. */
  private void hold(NDArray holder, NDArray flat, int tensor) {
    Shape shape = shapes.get(tensor);
    try (flat;
        NDManager scope = manager.newSubManager()) {
      program.call(scope, "hold", holder, flat, shape.dimension() == 1 ? 0 : shape.get(1));
    }
  }

  @Override
  public void release(int tensor) {
    if (users.set(tensor, users.get(tensor) - 1) == 1) {
      letGo(leaves.get(tensor));
    }
  }

  private void letGo(NDArray holder) {
    try (NDManager scope = manager.newSubManager()) {
      program.call(scope, "let_go", holder);
    }
  }

  private void letGoGradient(int tensor) {
    try (NDManager scope = manager.newSubManager()) {
      letGo(Torch.gradient(scope, leaves.get(tensor)));
    }
    learning.set(tensor, false);
  }

  @Override
  public void beginGradient(int tensor) {
    if (going != null && going.tensor() == tensor) {
      awaitGradients();
    }
    if (!learning.set(tensor, true)) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray gradient = Torch.gradient(scope, leaves.get(tensor));
        hold(gradient, zeros(tensor, elements(tensor)), tensor);
      }
    }
  }

  @Override
  public void endGradient(int tensor, boolean last) {
    awaitGradients();
    NDArray part = zeros(tensor, own(tensor).length());
    NDArray leaf = leaves.get(tensor);
    going = new PendingScatter(tensor, part, collectives.async(() -> scatter(leaf, part)));
  }

  private void scatter(NDArray leaf, NDArray part) {
    try (NDManager scope = manager.newSubManager()) {
      collectives.reduceScatter(Torch.gradient(scope, leaf), part);
    }
  }

  @Override
  public void awaitGradients() {
    if (going != null) {
      Collectives.await(going.scatter());
      try (NDArray part = going.part();
          NDManager scope = manager.newSubManager()) {
        program.call(scope, "add", gradients.get(going.tensor()), part);
      }
      letGoGradient(going.tensor());
      going = null;
    }
  }

  @Override
  public void weightsUpdated() {
    drop();
  }

  @Override
  public void weightsReplaced() {
    drop();
  }

  @Override
  public void replace(int tensor, Runnable replacement) {
    drop();
    hold(leaves.get(tensor), zeros(tensor, elements(tensor)), tensor);
    replacement.run();
    try (NDArray part = ownPart(manager, tensor)) {
      part.copyTo(weights.get(tensor));
    }
    letGo(leaves.get(tensor));
  }

  @Override
  public void zeroGradients() {
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
