package dev.alambic.bench.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tries one parser on many inputs, in a thread of its own that is given up when an input takes too
 * long: a parser that hangs is a finding, not the end of the run.
 */
final class Trial {
  private static final long POLL_MILLIS = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Target target;
  private final Duration limit;
  private final RandomGenerator random;
  private final Mutator mutator;
  private final Tally tally;

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
    this.tally = new Tally(target.name());
  }

  /** One input on its way through the parser. */
  private static final class Attempt {
    final byte[] input;
    private Throwable thrown;
    private long nanos;
    private long bytes;
    private boolean done;

    Attempt(byte[] input) {
      this.input = input;
    }
  }

  /** Runs a number of inputs, the unchanged seeds first. */
  Tally run(int inputs) throws InterruptedException {
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    Worker worker = new Worker();
    for (int i = 0; i < inputs; i++) {
      Attempt attempt = new Attempt(input(i));
      worker.take(attempt);
      if (!worker.finishes(attempt, limit)) {
        worker.giveUp();
        String reason = "takes over " + limit.toSeconds() + " s in " + worker.place();
        tally.count(attempt.input, new Verdict.Crash(reason), limit.toNanos(), 0);
        worker = new Worker();
        continue;
      }
      Verdict verdict = Verdict.of(target, attempt.thrown);
      tally.count(attempt.input, verdict, attempt.nanos, attempt.bytes);
    }
    worker.giveUp();
    tally.peakHeap(heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum());
    return tally;
  }

  private byte[] input(int number) {
    if (number < target.seeds().size()) {
      return target.seeds().get(number);
    }
    byte[] input = mutator.next();
    return target.sealing() == null || random.nextBoolean() ? input : target.sealing().apply(input);
  }

  private static java.util.stream.Stream<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  /** The thread that parses. */
  private final class Worker {
    private final Thread thread = new Thread(this::work, "fuzz-" + target.name());
    private Attempt next;

    Worker() {
      thread.setDaemon(true);
      thread.start();
    }

    synchronized void take(Attempt attempt) {
      next = attempt;
      notifyAll();
    }

    /** Whether the parser is done with it in time. */
    synchronized boolean finishes(Attempt attempt, Duration within) throws InterruptedException {
      long deadline = System.nanoTime() + within.toNanos();
      while (!attempt.done && System.nanoTime() < deadline) {
        wait(POLL_MILLIS);
      }
      return attempt.done;
    }

    /** Where the thread is. */
    String place() {
      StackTraceElement[] trace = thread.getStackTrace();
      return trace.length == 0 ? "?" : trace[0].toString();
    }

    void giveUp() {
      thread.interrupt();
    }

    private void work() {
      try {
        while (true) {
          Attempt attempt = await();
          parse(attempt);
          synchronized (this) {
            attempt.done = true;
            notifyAll();
          }
        }
      } catch (InterruptedException e) {
        // Given up, or no more inputs.
      }
    }

    private synchronized Attempt await() throws InterruptedException {
      while (next == null) {
        wait();
      }
      Attempt attempt = next;
      next = null;
      return attempt;
    }

    @SuppressWarnings("BanCatchThrowable") // Whatever is thrown is what is looked for.
    private void parse(Attempt attempt) {
      long id = Thread.currentThread().getId();
      long bytes = THREADS.getThreadAllocatedBytes(id);
      long start = System.nanoTime();
      try {
        target.reader().read(attempt.input);
      } catch (Throwable e) {
        attempt.thrown = e;
      }
      attempt.nanos = System.nanoTime() - start;
      attempt.bytes = THREADS.getThreadAllocatedBytes(id) - bytes;
    }
  }
}
