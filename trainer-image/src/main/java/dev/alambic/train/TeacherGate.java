package dev.alambic.train;

import dev.alambic.data.PackedSequences;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.signal.Signal;
import java.util.List;

/**
 * Refuses a teacher that knows no text: all zero, of other weights or of another tokenizer. Its own
 * loss must be better than that of a {@link Unigram}.
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

  private static double crossEntropy(List<Signal> signals) {
    double sum = 0;
    long positions = 0;
    for (Signal signal : signals) {
      for (float logProbability : signal.labelLogProbability()) {
        sum -= logProbability;
        positions++;
      }
    }
    return sum / positions;
  }
}
