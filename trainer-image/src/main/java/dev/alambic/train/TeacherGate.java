package dev.alambic.train;

import dev.alambic.data.PackedSequences;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.signal.Signal;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Refuses a teacher that knows no text: all zero, of other weights or of another tokenizer. Its own
 * loss must be better than that of a {@link Unigram}; where there is no text, but the answers of a
 * student that has learnt already, better than that of chance.
 */
final class TeacherGate {
  private TeacherGate() {}

  /**
   * Looks at what a teacher said of held-out sequences.
   *
   * @param teacher for the message: its folder
   * @param train the text that is counted
   * @return the teacher's cross-entropy, nats per token
   * @throws RunException DATA if it is no better than counting words
   */
  static double check(
      String teacher,
      PackedSequences train,
      int vocabularySize,
      List<int[]> sequences,
      List<Signal> signals) {
    double loss = crossEntropy(signals);
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
    return loss;
  }

  /**
   * A gate for a teacher of answers, by those that a student gives before it is taught.
   *
   * @param teacher for the message: its folder
   */
  record OfAnswers(String teacher, int vocabularySize) {
    /**
     * Looks at what a teacher said of answers.
     *
     * @throws RunException DATA if it is no better than chance
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

  private static double crossEntropy(List<Signal> signals) {
    return -signals.stream().flatMapToDouble(signal -> from(signal, 0)).average().orElseThrow();
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
