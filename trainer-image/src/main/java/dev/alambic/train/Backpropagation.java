package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.model.Decoder;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward and backward pass of one micro-batch; gradients are added to the decoder's parameters.
 * Either the graph of all layers is kept, or only each layer's input: then a layer's forward pass
 * is repeated before its backward pass (activation recomputation, arXiv 1604.06174). Both give the
 * same bits.
 */
final class Backpropagation {
  private final Decoder decoder;
  private final Objective objective;
  private final boolean recompute;

  Backpropagation(Decoder decoder, Objective objective, boolean recompute) {
    this.decoder = decoder;
    this.objective = objective;
    this.recompute = recompute;
  }

  /**
   * One micro-batch.
   *
   * @param scale factor of the summed objective: one over the global count of valid positions
   */
  LossSums run(List<Example> examples, double scale) {
    int time = examples.stream().mapToInt(Example::positions).max().orElseThrow();
    try (NDManager scope = decoder.manager().newSubManager()) {
      List<int[]> sequences = examples.stream().map(Example::tokens).toList();
      NDArray ids = Decoder.ids(scope, sequences, time);
      Targets targets = new Targets(examples, time);
      return recompute ? recomputed(scope, ids, targets, scale) : kept(scope, ids, targets, scale);
    }
  }

  private LossSums kept(NDManager scope, NDArray ids, Targets targets, double scale) {
    NDArray hidden = Torch.withGradients(() -> decoder.hidden(scope, ids));
    return throughHead(scope, hidden, targets, scale);
  }

  private LossSums recomputed(NDManager scope, NDArray ids, Targets targets, double scale) {
    List<NDArray> inputs = new ArrayList<>();
    NDArray x = decoder.embed(scope, ids);
    for (int layer = 0; layer < decoder.config().layers(); layer++) {
      inputs.add(x);
      x = forward(scope, layer, x);
    }
    NDArray top = leaf(scope, x);
    NDArray hidden = Torch.withGradients(() -> decoder.finalNorm(scope, top));
    LossSums sums = throughHead(scope, hidden, targets, scale);
    NDArray gradient = Torch.gradient(scope, top);
    for (int layer = inputs.size() - 1; layer >= 0; layer--) {
      gradient = throughLayer(scope, layer, inputs.get(layer), gradient);
    }
    NDArray embedded = Torch.withGradients(() -> decoder.embed(scope, ids));
    Torch.backward(embedded, gradient);
    return sums;
  }

  private NDArray forward(NDManager scope, int layer, NDArray x) {
    try (NDManager part = scope.newSubManager()) {
      NDArray y = decoder.layer(part, layer, x);
      y.attach(scope);
      return y;
    }
  }

  private NDArray throughLayer(NDManager scope, int layer, NDArray input, NDArray outputGradient) {
    try (NDManager part = scope.newSubManager()) {
      NDArray x = leaf(part, input);
      NDArray y = Torch.withGradients(() -> decoder.layer(part, layer, x));
      Torch.backward(y, outputGradient);
      outputGradient.close();
      return Torch.gradient(scope, x);
    }
  }

  private static NDArray leaf(NDManager scope, NDArray x) {
    NDArray leaf = x.stopGradient();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private LossSums throughHead(NDManager scope, NDArray hidden, Targets targets, double scale) {
    Objective.Backward head = objective.backward(scope, hidden, targets, scale);
    Torch.backward(hidden, head.gradient().reshape(hidden.getShape()));
    return head.sums();
  }
}
