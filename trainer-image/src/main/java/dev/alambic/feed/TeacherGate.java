package dev.alambic.feed;

import dev.alambic.corpus.PackedSequences;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.parallel.Collectives;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Refuses a teacher that knows no text: all zero, of other weights or of another tokenizer. Its own
 * loss must be better than that of a {@link Unigram}; where the text is the answers of a student
 * that has learnt already, better than that of chance.
 */
final class TeacherGate {
  private TeacherGate() {}

  /**
   * Checks a teacher's signals for held-out sequences.
   *
   * @param teacher for the message: its folder
   * @param train the text that is counted
   * @param loss the teacher's cross-entropy, nats per token
   * @throws RunException DATA if it is not better than counting words
   */
  static void check(
      String teacher,
      PackedSequences train,
      int vocabularySize,
      List<int[]> sequences,
      double loss) {
    double unigram = Unigram.of(train, vocabularySize).loss(sequences);
    if (!(loss < unigram)) {
      throw new RunException(
          ExitCode.DATA,
          String.format(
              "teacher %s: its loss on the held-out text is %.3f nats per token, no better than"
                  + " that of counting words (%.3f): check that its weights and tokenizer belong"
                  + " together and that it knows such text",
              teacher, loss, unigram));
    }
  }

  /**
   * A gate for a teacher of answers, by those that a student gives before it is taught.
   *
   * @param teacher for the message: its folder
   */
  record OfAnswers(String teacher, int vocabularySize) {
    /**
     * Checks a teacher's signals for answers.
     *
     * @throws RunException DATA if it is not better than chance
     */
    void check(List<Example> answers) {
      double loss = crossEntropyOfAnswers(answers);
      double chance = Math.log(vocabularySize);
      if (!(loss < chance)) {
        throw new RunException(
            ExitCode.DATA,
            String.format(
                "teacher %s: its loss on the student's first answers is %.3f nats per token, no"
                    + " better than chance (%.3f): check that its weights and tokenizer belong"
                    + " together, and that student.initFrom has learnt to write",
                teacher, loss, chance));
      }
    }
  }

  /**
   * What a teacher's loss on sequences is, nats per token, of which each trainer asked for some.
   *
   * @param most sequences that a trainer may have asked for
   */
  static double crossEntropy(List<Signal> signals, Collectives collectives, int most) {
    double[] mine = new double[2 * most];
    for (int i = 0; i < signals.size(); i++) {
      mine[2 * i] = from(signals.get(i), 0).sum();
      mine[2 * i + 1] = signals.get(i).labelLogProbability().length;
    }
    double sum = 0;
    double positions = 0;
    for (double[] theirs : collectives.gather(mine)) {
      for (int i = 0; i < theirs.length; i += 2) {
        sum += theirs[i];
        positions += theirs[i + 1];
      }
    }
    return -sum / positions;
  }

  private static double crossEntropyOfAnswers(List<Example> answers) {
    return -answers.stream()
        .flatMapToDouble(answer -> from(answer.signal(), answer.first()))
        .average()
        .orElseThrow();
  }

  private static DoubleStream from(Signal signal, int position) {
    float[] logProbabilities = signal.labelLogProbability();
    return IntStream.range(position, logProbabilities.length).mapToDouble(i -> logProbabilities[i]);
  }
}
