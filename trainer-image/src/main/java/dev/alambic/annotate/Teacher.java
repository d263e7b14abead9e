package dev.alambic.annotate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.alambic.model.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A teacher that reads an answer.
 *
 * @param decoder whose thread has been prepared, without gradients
 */
public record Teacher(Decoder decoder) {
  /** Logits of one chunk: 16 MiB in float32. */
  private static final int CHUNK_ELEMENTS = 1 << 22;

  /**
   * Remarks on an answer, one for each of its tokens.
   *
   * @param prompt one token or more
   */
  public List<Remark> read(int[] prompt, int[] answer) {
    int[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, all, prompt.length, answer.length);
    int vocabulary = decoder.config().vocabulary().size();
    int chunk = Math.max(1, CHUNK_ELEMENTS / vocabulary);
    List<Remark> remarks = new ArrayList<>();
    try (NDManager scope = decoder.manager().newSubManager()) {
      int positions = all.length - 1;
      NDArray ids = Decoder.ids(scope, List.of(all), positions);
      NDArray hidden = decoder.hidden(scope, ids).reshape(positions, -1);
      for (int from = prompt.length - 1; from < positions; from += chunk) {
        int to = Math.min(positions, from + chunk);
        NDArray rows = hidden.get(new NDIndex("{}:{}", from, to));
        float[] logits = decoder.logits(scope, rows).toFloatArray();
        for (int i = from; i < to; i++) {
          int at = (i - from) * vocabulary;
          remarks.add(Remark.of(Arrays.copyOfRange(logits, at, at + vocabulary), all[i + 1]));
        }
      }
    }
    return remarks;
  }
}
