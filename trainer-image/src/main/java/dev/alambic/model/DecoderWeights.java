package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A decoder's parameters as named tensors of a Hugging Face folder, and back. Large tensors leave
 * the engine in pieces: a Java buffer ends at 2 GiB, and of a GPU's only one piece is in the host's
 * memory.
 */
public final class DecoderWeights {
  /** Elements of a piece: 64 MiB. */
  private static final long PIECE = 1 << 24;

  private DecoderWeights() {}

  /**
   * Loads parameters.
   *
   * @param held FP32 for parameters that are trained; BF16 for those of a model that only answers,
   *     which then takes half the memory
   * @param tensors all that {@link TensorNames#expected} asks for
   */
  public static DecoderParameters load(
      NDManager manager, DecoderConfig config, Precision held, Map<String, Tensor> tensors) {
    return load(manager, config, held, tensors, TensorKeeper.NONE);
  }

  /** Loads parameters and hands each to a keeper. */
  static DecoderParameters load(
      NDManager manager,
      DecoderConfig config,
      Precision held,
      Map<String, Tensor> tensors,
      TensorKeeper keeper) {
    DecoderParameters parameters = unset(manager, config, DType.of(held), keeper);
    copy(config, tensors, parameters, keeper);
    return parameters;
  }

  private static DecoderParameters unset(
      NDManager manager, DecoderConfig config, DType dtype, TensorKeeper keeper) {
    try (TensorCopy into = new TensorCopy(manager)) {
      NDArray embedding = into.matrix(config.vocabulary().size(), config.hiddenSize(), dtype);
      keeper.register(embedding);
      List<NDArray> layers = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        NDArray vector = into.vector(config.layerParameters(), dtype);
        keeper.register(vector);
        layers.add(vector);
      }
      NDArray norm = into.vector(config.hiddenSize(), dtype);
      keeper.register(norm);
      NDArray head = embedding;
      if (!config.vocabulary().tied()) {
        head = into.matrix(config.vocabulary().size(), config.hiddenSize(), dtype);
        keeper.register(head);
      }
      return new DecoderParameters(embedding, List.copyOf(layers), norm, head);
    }
  }

  /**
   * Copies named tensors over parameters.
   *
   * @param tensors all that {@link TensorNames#expected} asks for
   */
  public static void copy(
      DecoderConfig config, Map<String, Tensor> tensors, DecoderParameters parameters) {
    copy(config, tensors, parameters, TensorKeeper.NONE);
  }

  /** Copies named tensors over parameters that a keeper holds. */
  public static void copy(
      DecoderConfig config,
      Map<String, Tensor> tensors,
      DecoderParameters parameters,
      TensorKeeper keeper) {
    try (TensorCopy into = new TensorCopy(parameters.norm().getManager())) {
      List<NDArray> all = parameters.all();
      List<Integer> ends = parameters.ends();
      List<String> names = List.of(TensorNames.EMBEDDING, TensorNames.FINAL_NORM, TensorNames.HEAD);
      for (int i = 0; i < ends.size(); i++) {
        Tensor tensor = tensors.get(names.get(i));
        int index = ends.get(i);
        keeper.replace(index, () -> into.copy(tensor, all.get(index), 0));
      }
      for (int layer = 0; layer < config.layers(); layer++) {
        int number = layer;
        int index = DecoderParameters.ofLayer(layer);
        keeper.replace(
            index, () -> copyLayer(into, new LayerLayout(config), tensors, number, all.get(index)));
      }
    }
  }

  private static void copyLayer(
      TensorCopy into, LayerLayout layout, Map<String, Tensor> tensors, int layer, NDArray flat) {
    for (LayerLayout.Slice slice : layout.slices()) {
      into.copy(tensors.get(TensorNames.layer(layer, slice.suffix())), flat, slice.offset());
    }
  }

  /** The parameters under Hugging Face's names, read from the device when they are written. */
  public static List<Tensor> tensors(DecoderConfig config, DecoderParameters parameters) {
    List<Tensor> tensors = new ArrayList<>();
    TensorShape embedding = TensorShape.of(config.vocabulary().size(), config.hiddenSize());
    tensors.add(tensor(TensorNames.EMBEDDING, embedding, parameters.embedding(), 0));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LayerLayout.Slice slice : new LayerLayout(config).slices()) {
        String name = TensorNames.layer(layer, slice.suffix());
        tensors.add(tensor(name, slice.shape(), parameters.layers().get(layer), slice.offset()));
      }
    }
    TensorShape norm = TensorShape.of(config.hiddenSize());
    tensors.add(tensor(TensorNames.FINAL_NORM, norm, parameters.norm(), 0));
    if (!config.vocabulary().tied()) {
      tensors.add(tensor(TensorNames.HEAD, embedding, parameters.head(), 0));
    }
    return tensors;
  }

  /** Part of a float32 array, from element {@code offset} on, as a named tensor. */
  public static Tensor tensor(String name, TensorShape shape, NDArray array, long offset) {
    long end = offset + shape.elements();
    return new Tensor(name, DType.F32, shape, () -> pieces(array, offset, end));
  }

  private static Iterator<ByteBuffer> pieces(NDArray array, long offset, long end) {
    return LongStream.iterate(offset, from -> from < end, from -> from + PIECE)
        .mapToObj(from -> piece(array, from, Math.min(end, from + PIECE)))
        .iterator();
  }

  /** On a CPU the array's own memory, which the file is written from. */
  private static ByteBuffer piece(NDArray array, long from, long to) {
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray flat = array.stopGradient();
      flat.attach(scope);
      NDArray part = flat.reshape(-1).get(new NDIndex("{}:{}", from, to));
      part.attach(scope);
      return part.toByteBuffer(!array.getDevice().isGpu()).order(ByteOrder.nativeOrder());
    }
  }
}
