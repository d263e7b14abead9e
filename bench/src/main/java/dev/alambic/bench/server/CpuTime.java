package dev.alambic.bench.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a piece of work took.
 *
 * @param seconds by the clock on the wall
 * @param processorSeconds of all threads of this process
 */
record CpuTime(double seconds, double processorSeconds) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static CpuTime on(Runnable work) {
    long processor = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CpuTime(seconds, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
  }
}
