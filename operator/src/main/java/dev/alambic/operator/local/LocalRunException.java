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

  /** The last error that a process wrote to its log, or where to look for it. */
  static String lastError(String role, int exitCode, Path log) throws IOException {
    List<String> errors =
        Files.readAllLines(log).stream().filter(line -> line.startsWith(ERROR)).toList();
    return errors.isEmpty()
        ? role + ": ended with exit code " + exitCode + "; see " + log
        : role + ": " + errors.get(errors.size() - 1).substring(ERROR.length());
  }

  /**
   * Passes on why a process failed.
   *
   * @throws LocalRunException unless it ended well
   */
  static void requireSuccess(ChildProcess child, String role, Path log)
      throws LocalRunException, IOException {
    int exitCode = child.exitCode().orElseThrow();
    if (exitCode != 0) {
      throw new LocalRunException(lastError(role, exitCode, log));
    }
  }
}
