package dev.alambic.teacher.openai;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A distribution over a small vocabulary for each token before; a fixed one, for tests. */
record ToyModel(int vocabularySize) {
  /** Log-probabilities {@code [vocabularySize]} after {@code token}, in double precision. */
  double[] after(int token) {
    Random random = new Random(7919L * token + 1);
    double[] logits = random.doubles(vocabularySize).map(x -> 6 * x).toArray();
    double norm =
        Math.log(IntStream.range(0, vocabularySize).mapToDouble(i -> Math.exp(logits[i])).sum());
    return IntStream.range(0, vocabularySize).mapToDouble(i -> logits[i] - norm).toArray();
  }

  /** The most probable ids after {@code token}, the most probable first. */
  List<Integer> top(int token, int size) {
    double[] values = after(token);
    return IntStream.range(0, vocabularySize)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -values[id]))
        .limit(size)
        .toList();
  }
}
