package dev.alambic.cli.scaling;

/**
 * Collectives on a ring, which is as fast as its slowest link (Patarasuk and Yuan, J. Parallel
 * Distrib. Comput. 69, 2009).
 *
 * @param bandwidth bytes a second over the slowest link
 * @param latency seconds until a first byte has come round
 */
record Ring(int gpus, double bandwidth, double latency) {

  /**
   * Seconds of an all-gather or a reduce-scatter of a tensor of {@code bytes} bytes: all but a
   * GPU's own part comes round once. An all-reduce is one of each.
   */
  double seconds(double bytes) {
    return gpus == 1 ? 0 : latency + bytes * (gpus - 1) / gpus / bandwidth;
  }
}
