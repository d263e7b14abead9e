package dev.alambic.operator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Why a local run ended without a student, in one line. */
final class LocalRunException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String ERROR = "error: ";

  LocalRunException(String message) {
    super(message);
  }

  /**
   * Passes on the last error that a process wrote to its log, unless it ended well.
   *
   * @throws LocalRunException if it did not
   */
  static void requireSuccess(ChildProcess child, String role, Path log)
      throws LocalRunException, IOException {
    int exitCode = child.exitCode().orElseThrow();
    if (exitCode == 0) {
      return;
    }
    List<String> errors =
        Files.readAllLines(log).stream().filter(line -> line.startsWith(ERROR)).toList();
    String why =
        errors.isEmpty()
            ? "ended with exit code " + exitCode + "; see " + log
            : errors.get(errors.size() - 1).substring(ERROR.length());
    throw new LocalRunException(role + ": " + why);
  }
}
