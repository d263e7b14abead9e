package dev.alambic.cli.local;

import dev.alambic.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Why a process ended, in one line. */
final class LastError {
  private static final String ERROR = "error: ";

  private LastError() {}

  /**
   * The last error that a process wrote to its log, or where to look for it. One that was killed
   * wrote none: what stands in its log is an attempt's before.
   */
  static String of(String role, int exitCode, Path log) throws IOException {
    boolean killed = ExitCode.of(exitCode).code() != exitCode;
    List<String> errors =
        killed
            ? List.of()
            : Files.readAllLines(log).stream().filter(line -> line.startsWith(ERROR)).toList();
    return errors.isEmpty()
        ? role + ": ended with exit code " + exitCode + "; see " + log
        : role + ": " + errors.get(errors.size() - 1).substring(ERROR.length());
  }
}
