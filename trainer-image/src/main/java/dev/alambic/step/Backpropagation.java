package dev.alambic.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Partition;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward and backward pass of one micro-batch; gradients are added to the decoder's parameters.
 * Layer by layer, so that a layer's gradient can be on its way while those before it are computed.
 * Either the graph of each layer is kept, or only its input: then its forward pass is repeated
 * before its backward pass (activation recomputation, arXiv 1604.06174). Both give the same bits.
 */
public final class Backpropagation {
  private final Decoder decoder;
  private final Objective objective;
  private final Partition partition;
  private final boolean recompute;

  public Backpropagation(
      Decoder decoder, Objective objective, Partition partition, boolean recompute) {
    this.decoder = decoder;
    this.objective = objective;
    this.partition = partition;
    this.recompute = recompute;
  }

  /**
   * One micro-batch.
   *
   * @param scale factor of the summed objective: one over the global count of valid positions
   * @param last whether the layers' gradients are complete after it
   */
  public LossSums run(List<Example> examples, double scale, boolean last) {
    partition.collectives().check();
    int time = examples.stream().mapToInt(Example::positions).max().orElseThrow();
    try (NDManager scope = decoder.manager().newSubManager()) {
      List<int[]> sequences = examples.stream().map(Example::tokens).toList();
      NDArray ids = Decoder.ids(scope, sequences, time);
      return run(scope, ids, new Targets(examples, time), scale, last);
    }
  }

  private LossSums run(NDManager scope, NDArray ids, Targets targets, double scale, boolean last) {
    List<Pass> passes = new ArrayList<>();
    NDArray x = decoder.embed(scope, ids);
    for (int layer = 0; layer < decoder.config().layers(); layer++) {
      Pass pass = forward(scope, layer, x);
      passes.add(pass);
      x = pass.output();
    }
    NDArray top = leaf(scope, x);
    NDArray hidden = Torch.withGradients(() -> decoder.finalNorm(scope, top));
    Objective.Backward head = objective.backward(scope, hidden, targets, scale);
    Torch.backward(hidden, head.gradient().reshape(hidden.getShape()));
    NDArray gradient = Torch.gradient(scope, top);
    for (int layer = passes.size() - 1; layer >= 0; layer--) {
      gradient = backward(scope, layer, passes.get(layer), gradient, last);
    }
    NDArray embedded = Torch.withGradients(() -> decoder.embed(scope, ids));
    Torch.backward(embedded, gradient);
    return head.sums();
  }

  /**
   * What is kept of a layer's forward pass.
   *
   * @param scope of its graph; null if it is to be repeated
   * @param output {@code [batch, time, hidden]}; with a graph the gradient enters here
   */
  private record Pass(NDManager scope, NDArray input, NDArray output) {}

  private Pass forward(NDManager scope, int layer, NDArray x) {
    NDManager part = scope.newSubManager();
    if (!recompute) {
      return withGraph(part, layer, x);
    }
    try (part) {
      NDArray y = decoder.layer(part, layer, x);
      y.attach(scope);
      return new Pass(null, x, y);
    }
  }

  private Pass withGraph(NDManager part, int layer, NDArray x) {
    NDArray input = leaf(part, x);
    return new Pass(part, input, Torch.withGradients(() -> decoder.layer(part, layer, input)));
  }

  private NDArray backward(
      NDManager scope, int layer, Pass pass, NDArray outputGradient, boolean last) {
    int tensor = DecoderParameters.ofLayer(layer);
    partition.acquire(tensor);
    partition.beginGradient(tensor);
    NDManager graph = pass.scope() == null ? scope.newSubManager() : pass.scope();
    NDArray inputGradient;
    try (graph) {
      Pass whole = pass.scope() == null ? withGraph(graph, layer, pass.input()) : pass;
      Torch.backward(whole.output(), outputGradient);
      outputGradient.close();
      inputGradient = Torch.gradient(scope, whole.input());
    }
    partition.release(tensor);
    partition.endGradient(tensor, last);
    return inputGradient;
  }

  private static NDArray leaf(NDManager scope, NDArray x) {
    NDArray leaf = x.stopGradient();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }
}
