package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The key-value cache of the sequences that a decoder continues: keys and values of each layer, so
 * that a further token costs one token's work. Sequences of different lengths end at one common
 * index and begin at indices of their own. A sliding layer remembers its window alone, as a ring.
 *
 * <p>Its memory is taken at once: {@code 2 batch x layers x keyValueHeads x slots x headSize}
 * numbers in the decoder's precision.
 */
public final class KeyValueCache implements AutoCloseable {
  private final NDManager manager;
  private List<Layer> layers;
  private int[] begins;
  private NDArray beginsTensor;
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
    Arrays.setAll(begins, row -> index - lengths[row]);
    tell();
  }

  /** Tells the device where the sequences begin. */
  private void tell() {
    if (beginsTensor != null) {
      beginsTensor.close();
    }
    beginsTensor = manager.create(Arrays.stream(begins).asLongStream().toArray());
  }

  /** Makes every row a sequence of one placeholder token. */
  void clear() {
    Arrays.fill(begins, index - 1);
    tell();
  }

  /**
   * Another sequence in a row, whose tokens are to be read next.
   *
   * @param length tokens of its prompt, at most {@link #slots}
   */
  public void restart(int row, int length) {
    begins[row] = index - length;
    tell();
  }

  /** Makes another tensor of some rows of one. */
  interface Keeper {
    NDArray keep(NDManager memory, NDArray old, NDArray rows);
  }

  void keep(int[] rows, Keeper keeper) {
    try (NDArray index = manager.create(Arrays.stream(rows).asLongStream().toArray())) {
      List<Layer> kept = new ArrayList<>();
      for (Layer old : layers) {
        kept.add(
            new Layer(
                keeper.keep(manager, old.keys(), index),
                keeper.keep(manager, old.values(), index)));
        old.keys().close();
        old.values().close();
      }
      layers = List.copyOf(kept);
    }
    begins = Arrays.stream(rows).map(row -> begins[row]).toArray();
    tell();
  }

  /** Sequences. */
  public int batch() {
    return begins.length;
  }

  /** Where the next token lies: one index for all sequences. */
  public int index() {
    return index;
  }

  /** Most tokens of a sequence. */
  public int slots() {
    return slots;
  }

  /** Tokens of a row's sequence so far. */
  public int length(int row) {
    return index - begins[row];
  }

  /** Whether a sequence has as many tokens as fit. */
  boolean isFull() {
    return Arrays.stream(begins).anyMatch(begin -> index - begin >= slots);
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
