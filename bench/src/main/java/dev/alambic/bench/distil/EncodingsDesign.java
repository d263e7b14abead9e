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
  static final Said DENSE = new Said(SignalEncoding.Dense, 0, false);

  /** In the table's order. */
  static final List<Said> ENCODINGS =
      List.of(
          DENSE,
          top(8),
          top(16),
          top(64),
          sampled(12),
          sampled(50),
          sampled(256),
          new Said(SignalEncoding.TopK, 8, true));

  private static Said top(int size) {
    return new Said(SignalEncoding.TopK, size, false);
  }

  private static Said sampled(int size) {
    return new Said(SignalEncoding.Sampled, size, false);
  }

  Run scratch(long seed) {
    return Run.fromScratch(Models.STUDENT, tokens, rate, seed);
  }

  Run student(long seed, Said said) {
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
