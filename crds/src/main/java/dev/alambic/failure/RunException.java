package dev.alambic.failure;

import java.io.Serial;

/**
 * Why a teacher or trainer cannot go on, for the user: the message is one line that says what is
 * wrong, where, and what to do; whatever a file put into it is made fit to be shown. The process
 * prints it and ends with the exit code.
 */
public final class RunException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public RunException(ExitCode exitCode, String message) {
    super(BoundedText.line(message));
    this.exitCode = exitCode;
  }

  public RunException(ExitCode exitCode, String message, Throwable cause) {
    super(BoundedText.line(message), cause);
    this.exitCode = exitCode;
  }

  /** How the process is to end. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
