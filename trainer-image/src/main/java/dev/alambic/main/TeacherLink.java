package dev.alambic.main;

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
    return new TeacherLink(
        TeacherClient.connect(spec.teacher().endpoints(), settings, RetryPolicy.DEFAULT));
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
