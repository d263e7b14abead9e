package dev.alambic.main;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Fingerprint;
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
   * @param tokenizerDigest of the tokenizer that the student's text was tokenised with
   * @throws dev.alambic.run.RunException if no teacher answers, or not the one that was asked for
   */
  static TeacherLink open(RunSpec spec, String tokenizerDigest) throws InterruptedException {
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
    try {
      link.refuseOther(spec, tokenizerDigest);
      return link;
    } catch (RunException e) {
      link.close();
      throw e;
    }
  }

  /** Ids must mean the same to teacher and student, or the student learns nonsense. */
  private void refuseOther(RunSpec spec, String tokenizerDigest) {
    Fingerprint teacher = client.description().fingerprint();
    int vocabulary = spec.student().architecture().vocabularySize();
    if (teacher.vocabularySize() != vocabulary) {
      throw new RunException(
          ExitCode.DATA,
          "the teacher %s has a vocabulary of %d ids, the student %s one of %d: they must be the same"
              .formatted(
                  spec.teacher().modelPath(), teacher.vocabularySize(), spec.job(), vocabulary));
    }
    if (!teacher.model().tokenizer().equals(tokenizerDigest)) {
      throw new RunException(
          ExitCode.DATA,
          "the teacher's tokenizer.json has SHA-256 %s, that of %s has %s: they must be the same"
              .formatted(
                  teacher.model().tokenizer(), spec.student().tokenizerPath(), tokenizerDigest));
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
