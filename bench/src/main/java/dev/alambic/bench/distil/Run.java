package dev.alambic.bench.distil;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.alambic.api.v1alpha1.SignalEncoding;
import java.util.Locale;

/**
 * One training run: all that decides its result, next to the text and the code.
 *
 * @param model a name in {@link Models}
 * @param teacher the run that made the teacher, or null: then the model learns from the text alone
 * @param tokens trained on
 * @param seed of the initial weights and of the order of the text
 * @param said the encoding of the teacher's signals, or null: 50 draws
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Run(
    String model, Run teacher, long tokens, double learningRate, long seed, SignalForm said) {

  /**
   * The encoding of a teacher's signals.
   *
   * @param size draws or ids per position; 0 if Dense
   * @param renormalised whether the tail bucket is dropped and the rest made to sum to one: what
   *     others do with TopK. For comparison only: Alambic itself doesn't
   */
  record SignalForm(SignalEncoding encoding, int size, boolean renormalised) {
    @JsonIgnore
    String name() {
      String words = encoding == SignalEncoding.Dense ? "Dense" : encoding + " " + size;
      return renormalised ? words + ", renormalised" : words;
    }
  }

  static Run fromScratch(String model, long tokens, double learningRate, long seed) {
    return new Run(model, null, tokens, learningRate, seed, null);
  }

  /** The same model, tokens, rate and seed, learning from a teacher, or by null from none. */
  Run distilledFrom(Run pretraining) {
    return new Run(model, pretraining, tokens, learningRate, seed, null);
  }

  /** The same with this encoding. */
  Run by(SignalForm how) {
    return new Run(model, teacher, tokens, learningRate, seed, how);
  }

  /** A name for files and people; two runs that differ have two. */
  String name() {
    String own =
        String.format(Locale.ROOT, "%s-%d-rate-%s-seed-%d", model, tokens, learningRate, seed);
    String how = said == null ? "" : "-" + said.name().replaceAll("[^A-Za-z0-9]+", "-");
    return teacher == null ? own : own + "-from-" + teacher.name() + how;
  }
}
