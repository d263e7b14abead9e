package dev.alambic.main;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.TeacherClient;
import dev.alambic.train.SignalSource;

/**
 * A trainer's way to its teacher, if the run has one.
 *
 * @param client or null: the student then learns from the text's own tokens
 */
record TeacherLink(TeacherClient client) implements AutoCloseable {
  /**
   * Connects.
   *
   * @throws dev.alambic.run.RunException if no teacher answers, or not the one that was asked for
   */
  static TeacherLink open(RunSpec spec) throws InterruptedException {
    if (spec.teacher() == null) {
      return new TeacherLink(null);
    }
    SignalSettings settings =
        new SignalSettings(
            spec.signal().encoding(),
            spec.signal().size(),
            spec.signal().seed(),
            spec.objective().temperature());
    TeacherLink link =
        new TeacherLink(
            TeacherClient.connect(spec.teacher().endpoints(), settings, RetryPolicy.DEFAULT));
    link.refuseOtherVocabulary(spec.student().architecture().vocabularySize());
    return link;
  }

  private void refuseOtherVocabulary(int student) {
    int teacher = client.description().fingerprint().vocabularySize();
    if (teacher != student) {
      close();
      throw new RunException(
          ExitCode.DATA,
          "the teacher's vocabulary has %d ids, the student's %d: they must be the same"
              .formatted(teacher, student));
    }
  }

  SignalSource signals() {
    return client == null ? null : client::score;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
