package dev.alambic.bench.load;

/**
 * What loading a model took.
 *
 * @param seconds from the call to a model that is ready
 * @param anonymousBefore bytes of anonymous memory before, with the engine started
 * @param anonymousPeak the most there were while it loaded
 * @param highWaterMark the most bytes in memory in the process's life, mapped files included
 */
record LoadResult(double seconds, long anonymousBefore, long anonymousPeak, long highWaterMark) {
  /** Bytes that the load added at its peak. */
  long added() {
    return anonymousPeak - anonymousBefore;
  }
}
