package dev.alambic.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorShape;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a checkpoint keeps, copied into the host's memory, 16 bytes a parameter: the training
 * stands still for the copy only, and goes on while it is written.
 */
final class Snapshot implements AutoCloseable {
  private final NDManager manager;
  private final RunState state;
  private final long tokens;
  private final DecoderConfig shape;
  private final DecoderParameters weights;
  private final List<NDArray> first;
  private final List<NDArray> second;
  private final List<NDArray> average;

  /**
   * A copy of the tensors as they are.
   *
   * @param tokens trained on so far
   */
  Snapshot(RunState state, TrainedTensors tensors, long tokens) {
    this.manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    this.state = state;
    this.tokens = tokens;
    this.shape = tensors.student().config();
    this.weights = tensors.student().parameters().map(this::copy);
    this.first = copies(tensors.optimizer().firstMoments());
    this.second = copies(tensors.optimizer().secondMoments());
    this.average = copies(tensors.average().arrays());
  }

  private List<NDArray> copies(List<NDArray> arrays) {
    return arrays.stream().map(this::copy).toList();
  }

  private NDArray copy(NDArray array) {
    return Torch.hostCopy(manager, array);
  }

  RunState state() {
    return state;
  }

  /** Tokens trained on. */
  long tokens() {
    return tokens;
  }

  DecoderConfig shape() {
    return shape;
  }

  /** The weights under Hugging Face's names. */
  List<Tensor> weights() {
    return DecoderWeights.tensors(shape, weights);
  }

  /** The moments, flat as the engine keeps them: {@code first.N} and {@code second.N}. */
  List<Tensor> moments() {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      tensors.add(flat("first." + i, first.get(i)));
      tensors.add(flat("second." + i, second.get(i)));
    }
    return tensors;
  }

  /** The average, likewise: {@code average.N}. */
  List<Tensor> averages() {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < average.size(); i++) {
      tensors.add(flat("average." + i, average.get(i)));
    }
    return tensors;
  }

  private static Tensor flat(String name, NDArray array) {
    return DecoderWeights.tensor(name, TensorShape.of(array.size()), array, 0);
  }

  @Override
  public void close() {
    manager.close();
  }
}
