package dev.alambic.failure;

/**
 * Which of several trainers that failed together is the cause. When one is gone the others leave
 * with TRY_AGAIN. What no further attempt can mend comes before anything else, because it ends the
 * job.
 */
public enum Blame {
  /** No further attempt can mend it. */
  Fatal,
  /** It failed, was killed, or was lost with its node. */
  Failed,
  /** It left because of another, or was stopped on request. */
  Left;

  /**
   * The blame of one: of several the first in this order is the cause.
   *
   * @param exitCode null if it was lost
   */
  public static Blame of(Integer exitCode) {
    if (exitCode == null) {
      return Failed;
    }
    if (exitCode == ExitCode.TRY_AGAIN.code()) {
      return Left;
    }
    return ExitCode.of(exitCode).retriable() ? Failed : Fatal;
  }
}
