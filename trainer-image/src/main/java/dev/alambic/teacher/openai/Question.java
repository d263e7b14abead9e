package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.TopKSignal;

/** Asks a server about one sequence. */
record Question(
    ServerUrl server, TeacherHttpClient asker, Dialect dialect, TeacherRequirements wanted) {
  /** An entry is some 60 bytes, and more where its token is a long text of escaped characters. */
  private static final long MOST_BYTES_PER_ENTRY = 512;

  private static final long MOST_BYTES_BESIDE = 1 << 16;

  /**
   * The signal of a sequence of T + 1 tokens.
   *
   * @throws RunException if the server refuses, or lists fewer ids than asked for
   */
  TopKSignal ask(int[] tokens) throws NoAnswerException, InterruptedException {
    int size = wanted.size();
    TopKAnswer answer = new TopKAnswer(tokens, size, wanted.vocabularySize());
    long mostBytes = MOST_BYTES_BESIDE + (size + 2L) * tokens.length * MOST_BYTES_PER_ENTRY;
    try {
      return asker.post(
          dialect.path(),
          dialect.question(tokens, size),
          mostBytes,
          body -> {
            dialect.read(body, answer);
            return answer.signal();
          });
    } catch (TopKAnswer.FewIdsException e) {
      throw new RunException(
          ExitCode.DATA,
          "teacher %s: %s: %s".formatted(server, e.getMessage(), dialect.moreIds(size)));
    }
  }
}
