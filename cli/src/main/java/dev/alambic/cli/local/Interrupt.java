package dev.alambic.cli.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or SIGTERM, as a request to suspend: the process ends when the work says that it is done.
 */
public final class Interrupt {
  /** What a shell expects of a program that ended on Ctrl-C. */
  public static final int EXIT_CODE = 130;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Listens from now on. */
  public static Interrupt listening() {
    Interrupt interrupt = new Interrupt();
    Runtime.getRuntime().addShutdownHook(new Thread(interrupt::ask, "suspend"));
    return interrupt;
  }

  private void ask() {
    if (done.getCount() > 0) {
      asked.countDown();
      awaitDone();
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private void awaitDone() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the request; whether it has come. */
  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return asked.await(time, unit);
  }

  /** Says that the work is done. */
  public void done() {
    done.countDown();
  }
}
