package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Turns a failure into one line and an exit code; only a bug leaves a stack trace. */
final class FailureReport implements CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult arguments) {
    command.getErr().println("error: " + message(failure));
    return exitCode(failure).code();
  }

  /** One line for people. An unexpected failure is logged with its stack trace. */
  static String message(Throwable failure) {
    if (!(failure instanceof RunException)) {
      LoggerFactory.getLogger(FailureReport.class).error("bug", failure);
    }
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return message.lines().findFirst().orElse("");
  }

  static ExitCode exitCode(Throwable failure) {
    return failure instanceof RunException known ? known.exitCode() : ExitCode.SOFTWARE;
  }
}
