package dev.alambic.bench.fuzz;

import com.sun.management.ThreadMXBean;
import dev.alambic.bench.fuzz.Tally.Attempt;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tries one parser on many inputs, in a thread of its own that is given up when an input takes too
 * long: a parser that hangs is a finding, not the end of the run.
 */
final class Trial {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<MemoryPoolMXBean> HEAP =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  private final Target target;
  private final Duration limit;
  private final RandomGenerator random;
  private final Mutator mutator;
  private Thread thread;

  /**
   * A trial.
   *
   * @param limit longest time for one input
   */
  Trial(Target target, long seed, Duration limit) {
    this.target = target;
    this.limit = limit;
    this.random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(seed ^ target.name().hashCode());
    this.mutator = new Mutator(target.seeds(), target.words(), random);
  }

  /** Runs a number of inputs, the unchanged seeds first. */
  Tally run(int inputs) throws InterruptedException, ExecutionException {
    HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
    Tally tally = new Tally(target.name());
    ExecutorService worker = worker();
    for (int i = 0; i < inputs; i++) {
      int number = i;
      byte[] input = input(number);
      Future<Attempt> attempt = worker.submit(() -> parse(number, input));
      try {
        tally.count(attempt.get(limit.toNanos(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        String reason = "takes over " + limit.toSeconds() + " s in " + place();
        tally.count(new Attempt(number, input, e, reason, limit.toNanos(), 0));
        worker.shutdownNow();
        worker = worker();
      }
    }
    worker.shutdownNow();
    tally.peakHeapBytes = HEAP.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return tally;
  }

  private byte[] input(int number) {
    if (number < target.seeds().size()) {
      return target.seeds().get(number);
    }
    byte[] input = mutator.next();
    return random.nextBoolean() ? input : target.sealing().apply(input);
  }

  private ExecutorService worker() {
    return Executors.newSingleThreadExecutor(
        work -> {
          thread = new Thread(work, "fuzz-" + target.name());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Where the parser is. */
  private String place() {
    StackTraceElement[] trace = thread.getStackTrace();
    return trace.length == 0 ? "?" : trace[0].toString();
  }

  @SuppressWarnings("BanCatchThrowable") // Whatever is thrown is what is looked for.
  private Attempt parse(int number, byte[] input) {
    long id = Thread.currentThread().getId();
    long bytes = THREADS.getThreadAllocatedBytes(id);
    long start = System.nanoTime();
    Throwable thrown = null;
    try {
      target.reader().read(input);
    } catch (Throwable e) {
      thrown = e;
    }
    long nanos = System.nanoTime() - start;
    bytes = THREADS.getThreadAllocatedBytes(id) - bytes;
    String crash = thrown == null ? null : target.crash(thrown);
    return new Attempt(number, input, thrown, crash, nanos, bytes);
  }
}
