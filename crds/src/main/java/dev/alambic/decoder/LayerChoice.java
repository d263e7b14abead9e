package dev.alambic.decoder;

import java.util.List;
import java.util.stream.IntStream;

/** Which layers of a model a smaller one starts from. */
public final class LayerChoice {
  private LayerChoice() {}

  /**
   * Evenly spaced layers, the first and the last always among them, as DistilBERT takes every other
   * one of its teacher's (arXiv 1910.01108).
   *
   * @param source layers of the model
   * @param wanted layers to take, from 2 to {@code source}, or all
   * @return their numbers, ascending, counted from 0
   */
  public static List<Integer> evenly(int source, int wanted) {
    if (wanted > source || wanted < Math.min(2, source)) {
      throw new IllegalArgumentException(wanted + " layers of " + source);
    }
    if (wanted == 1) {
      return List.of(0);
    }
    double step = (source - 1.0) / (wanted - 1);
    return IntStream.range(0, wanted).mapToObj(i -> (int) Math.round(i * step)).toList();
  }
}
