package dev.alambic.cli.local;

import java.io.IOException;
import java.nio.file.Path;

/** Why a local run ended without a student, in one line. */
public final class LocalRunException extends Exception {
  private static final long serialVersionUID = 1L;

  public LocalRunException(String message) {
    super(message);
  }

  /**
   * Passes on why a process failed.
   *
   * @throws LocalRunException unless it ended well
   */
  public static void requireSuccess(ChildProcess child, String role, Path log)
      throws LocalRunException, IOException {
    int exitCode = child.exitCode().orElseThrow();
    if (exitCode != 0) {
      throw new LocalRunException(LastError.of(role, exitCode, log));
    }
  }
}
