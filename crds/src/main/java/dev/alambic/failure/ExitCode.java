package dev.alambic.failure;

/** How a teacher or trainer process ends; the numbers are those of BSD's sysexits. */
public enum ExitCode {
  COMPLETE(0, false),
  /** The run specification is wrong. */
  USAGE(64, false),
  /** The data, the teacher or the numbers are unusable. */
  DATA(65, false),
  /** A model, corpus or volume is not there. */
  NO_INPUT(66, false),
  /** No teacher answers. */
  TEACHER_UNAVAILABLE(69, true),
  /** A bug: nothing that a user did. */
  SOFTWARE(70, false),
  /** A volume cannot be read or written. */
  IO(74, true),
  /**
   * Stopped on request after a checkpoint, or because another of several trainers is gone; start
   * again to go on.
   */
  TRY_AGAIN(75, true);

  private final int code;
  private final boolean retriable;

  ExitCode(int code, boolean retriable) {
    this.code = code;
    this.retriable = retriable;
  }

  public int code() {
    return code;
  }

  /** Whether the same run, started again, may get further. */
  public boolean retriable() {
    return retriable;
  }

  /**
   * The exit code with this number; a number outside the contract (a kill, a crash) is retriable.
   */
  public static ExitCode of(int code) {
    for (ExitCode exit : values()) {
      if (exit.code == code) {
        return exit;
      }
    }
    return TRY_AGAIN;
  }
}
