package dev.alambic.operator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Why a process ended, in one line. */
final class LastError {
  private static final String ERROR = "error: ";

  private LastError() {}

  /** The last error that a process wrote to its log, or where to look for it. */
  static String of(String role, int exitCode, Path log) throws IOException {
    List<String> errors =
        Files.readAllLines(log).stream().filter(line -> line.startsWith(ERROR)).toList();
    return errors.isEmpty()
        ? role + ": ended with exit code " + exitCode + "; see " + log
        : role + ": " + errors.get(errors.size() - 1).substring(ERROR.length());
  }
}
