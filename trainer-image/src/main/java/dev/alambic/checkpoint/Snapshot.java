package dev.alambic.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorShape;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.World;
import dev.alambic.step.RunState;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * All that this trainer puts into a checkpoint, copied into the host's memory: the training stands
 * still for the copy only, and continues while it is written. 16 bytes a parameter of a trainer
 * that is alone; of several with shards the weights with rank 0, the rest shared out.
 */
public final class Snapshot implements AutoCloseable {
  private final NDManager manager;
  private final RunState state;
  private final long tokens;
  private final World parts;
  private final DecoderConfig shape;
  private final HostWeights weights;
  private final List<NDArray> first;
  private final List<NDArray> second;
  private final List<NDArray> average;

  /**
   * A copy of the tensors as they are.
   *
   * @param tokens trained on so far
   */
  Snapshot(RunState state, TrainedTensors tensors, long tokens) {
    Partition partition = tensors.partition();
    this.manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    this.state = state;
    this.tokens = tokens;
    this.parts = partition.world();
    this.shape = tensors.student().config();
    this.weights = new HostWeights(tensors.student(), partition);
    this.first = copies(tensors.optimizer().firstMoments());
    this.second = copies(tensors.optimizer().secondMoments());
    this.average = copies(tensors.average().arrays());
  }

  private List<NDArray> copies(List<NDArray> arrays) {
    return arrays.stream().map(array -> Torch.hostCopy(manager, array)).toList();
  }

  RunState state() {
    return state;
  }

  /** Tokens trained on. */
  long tokens() {
    return tokens;
  }

  /** Which part of how many this is. */
  World parts() {
    return parts;
  }

  DecoderConfig shape() {
    return shape;
  }

  /** The weights under Hugging Face's names; only with rank 0. */
  List<Tensor> weights() {
    return weights.tensors();
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
    weights.close();
    manager.close();
  }
}
