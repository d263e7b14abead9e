package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which runs compare the encodings: for each seed a student from scratch, and one by each encoding
 * of the same teacher, on the same tokens.
 *
 * @param teacher the run that makes the teacher
 * @param tokens of each student
 * @param rate the students' learning rate
 */
record EncodingsDesign(Run teacher, long tokens, double rate, List<Long> seeds) {
  static final SignalForm DENSE = new SignalForm(SignalEncoding.Dense, 0, false);

  /** In the table's order. */
  static final List<SignalForm> ENCODINGS =
      List.of(
          DENSE,
          top(8),
          top(16),
          top(64),
          sampled(12),
          sampled(50),
          sampled(256),
          new SignalForm(SignalEncoding.TopK, 8, true));

  private static SignalForm top(int size) {
    return new SignalForm(SignalEncoding.TopK, size, false);
  }

  private static SignalForm sampled(int size) {
    return new SignalForm(SignalEncoding.Sampled, size, false);
  }

  Run scratch(long seed) {
    return Run.fromScratch(Models.STUDENT, tokens, rate, seed);
  }

  Run student(long seed, SignalForm said) {
    return scratch(seed).distilledFrom(teacher).by(said);
  }

  /** A seed after the other, so that what is done by an interruption compares. */
  List<Run> students() {
    return seeds.stream()
        .flatMap(
            seed ->
                Stream.concat(
                    Stream.of(scratch(seed)), ENCODINGS.stream().map(said -> student(seed, said))))
        .toList();
  }
}
