package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * What a decoder remembers of the sequences that it goes on with: keys and values of each layer, so
 * that a further token costs one token's work. Sequences of different lengths end at one common
 * index and begin at indices of their own. A sliding layer remembers its window alone, as a ring.
 *
 * <p>Its memory is taken at once: {@code 2 batch x layers x keyValueHeads x slots x headSize}
 * numbers in the decoder's precision.
 */
public final class KeyValueCache implements AutoCloseable {
  private final NDManager manager;
  private final List<Layer> layers;
  private final int[] begins;
  private final NDArray beginsTensor;
  private final int slots;
  private int index;

  /**
   * A layer's memory.
   *
   * @param keys {@code [batch, keyValueHeads, slots, headSize]}
   * @param values {@code [batch, keyValueHeads, slots, headSize]}
   */
  record Layer(NDArray keys, NDArray values) {}

  KeyValueCache(NDManager manager, List<Layer> layers, int[] lengths, int index, int slots) {
    this.manager = manager;
    this.layers = List.copyOf(layers);
    this.index = index;
    this.slots = slots;
    this.begins = new int[lengths.length];
    long[] wide = new long[lengths.length];
    for (int row = 0; row < lengths.length; row++) {
      begins[row] = index - lengths[row];
      wide[row] = begins[row];
    }
    this.beginsTensor = manager.create(wide);
  }

  /** Sequences. */
  public int batch() {
    return begins.length;
  }

  /** Tokens of the longest sequence so far. */
  public int index() {
    return index;
  }

  /** Most tokens of a sequence. */
  public int slots() {
    return slots;
  }

  int begin(int row) {
    return begins[row];
  }

  List<NDArray> tensors(int layer) {
    return List.of(layers.get(layer).keys(), layers.get(layer).values(), beginsTensor);
  }

  void advance() {
    index++;
  }

  @Override
  public void close() {
    manager.close();
  }
}
