package dev.alambic.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.model.Decoder;
import dev.alambic.model.KeyValueCache;
import dev.alambic.signal.Draws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Continues all prompts together, one token of each at a time, until each has ended or has had its
 * tokens. A sequence's draws depend on the seed, its number and its position alone.
 *
 * @param decoder whose thread has been prepared, without gradients
 * @param sampling how tokens are chosen
 * @param maxNewTokens most tokens a sequence gets
 * @param end tokens that end a sequence
 */
public record Generation(Decoder decoder, Sampling sampling, int maxNewTokens, Set<Integer> end) {

  /** How far a sequence has come. */
  private static final class Row {
    final int[] tokens;
    final double[] logProbabilities;
    int length;
    boolean ended;

    Row(int maxNewTokens) {
      tokens = new int[maxNewTokens];
      logProbabilities = new double[maxNewTokens];
    }

    boolean done() {
      return ended || length == tokens.length;
    }

    Generated generated() {
      return new Generated(
          Arrays.copyOf(tokens, length), Arrays.copyOf(logProbabilities, length), ended);
    }
  }

  public Generation {
    end = Set.copyOf(end);
    if (maxNewTokens < 0) {
      throw new RunException(
          ExitCode.USAGE, "max-new-tokens: " + maxNewTokens + " must be 0 or more");
    }
  }

  /**
   * Continues prompts.
   *
   * @param prompts token ids, one or more each
   * @return one for each prompt, in order
   * @throws RunException DATA if a prompt is empty, or with its new tokens longer than the model's
   *     context
   */
  public List<Generated> run(List<int[]> prompts, TokenListener listener) {
    prompts.forEach(this::requireRoom);
    List<Row> rows = prompts.stream().map(prompt -> new Row(maxNewTokens)).toList();
    if (maxNewTokens == 0 || prompts.isEmpty()) {
      return rows.stream().map(Row::generated).toList();
    }
    int[] lengths = prompts.stream().mapToInt(prompt -> prompt.length).toArray();
    try (KeyValueCache cache = decoder.cache(lengths, maxNewTokens - 1)) {
      for (int i = 0; i < rows.size(); i++) {
        choose(rows.get(i), i, read(prompts.get(i), cache, i), listener);
      }
      while (!rows.stream().allMatch(Row::done)) {
        List<float[]> logits = step(rows, cache);
        for (int i = 0; i < rows.size(); i++) {
          if (!rows.get(i).done()) {
            choose(rows.get(i), i, logits.get(i), listener);
          }
        }
      }
    }
    return rows.stream().map(Row::generated).toList();
  }

  private void requireRoom(int[] prompt) {
    int context = decoder.config().positions().contextLength();
    if (prompt.length == 0) {
      throw new RunException(ExitCode.DATA, "the prompt is empty: there is nothing to continue");
    }
    if ((long) prompt.length + maxNewTokens > context) {
      throw new RunException(
          ExitCode.DATA,
          "a prompt of %d tokens and %d new ones are more than the model's context of %d"
              .formatted(prompt.length, maxNewTokens, context));
    }
  }

  /** The logits after a prompt: [vocabulary]. */
  private float[] read(int[] prompt, KeyValueCache cache, int row) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, List.of(prompt), prompt.length);
      NDArray hidden = decoder.prefill(scope, ids, cache, row).reshape(prompt.length, -1);
      NDArray last = hidden.get(new NDIndex("{}:", prompt.length - 1));
      last.attach(scope);
      return decoder.logits(scope, last).toFloatArray();
    }
  }

  /** The logits after one more token of each: [vocabulary] for each sequence. */
  private List<float[]> step(List<Row> rows, KeyValueCache cache) {
    // A sequence that is done repeats its last token; the output is ignored.
    long[] last = rows.stream().mapToLong(row -> row.tokens[row.length - 1]).toArray();
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = scope.create(last, new Shape(last.length, 1));
      NDArray hidden = decoder.step(scope, ids, cache).reshape(last.length, -1);
      float[] logits = decoder.logits(scope, hidden).toFloatArray();
      int width = decoder.config().vocabulary().size();
      List<float[]> split = new ArrayList<>();
      for (int i = 0; i < last.length; i++) {
        split.add(Arrays.copyOfRange(logits, i * width, (i + 1) * width));
      }
      return split;
    }
  }

  private void choose(Row row, int sequence, float[] logits, TokenListener listener) {
    double uniform = Draws.uniforms(sampling.seed(), sequence, row.length, 1)[0];
    Sampler.Choice choice = Sampler.choose(logits, sampling, uniform);
    row.tokens[row.length] = choice.token();
    row.logProbabilities[row.length++] = choice.logProbability();
    row.ended = end.contains(choice.token());
    listener.chosen(sequence, choice.token());
  }
}
