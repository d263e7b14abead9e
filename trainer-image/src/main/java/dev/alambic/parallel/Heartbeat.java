package dev.alambic.parallel;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Tells every other process now and then that this one lives, and notices when another doesn't: a
 * process that died closes its connection, one that is stopped, or whose node or network is gone,
 * is silent.
 */
final class Heartbeat implements AutoCloseable {

  /**
   * How often, and how long a silence is taken for death.
   *
   * @param beat between two signs of life
   * @param silence several beats; less than the 30 s within which a loss is to be noticed
   */
  record Timing(Duration beat, Duration silence) {
    static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(20));
  }

  private static final int ALIVE = 1;
  private static final int LEAVING = 2;
  private static final int DONE = 3;
  private static final int LONGEST_REASON = 1000;

  private final List<String> addresses;
  private final Timing timing;
  private final List<SocketChannel> channels;
  private final CompletableFuture<String> loss = new CompletableFuture<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Heartbeat::daemon);
  private volatile boolean closed;

  /**
   * Begins to beat.
   *
   * @param channels to each rank, null for this one; taken over
   * @param addresses of each rank, for people
   */
  Heartbeat(List<SocketChannel> channels, List<String> addresses, Timing timing) {
    this.channels = channels;
    this.addresses = addresses;
    this.timing = timing;
    long beat = timing.beat().toNanos();
    var unused = clock.scheduleAtFixedRate(this::beat, 0, beat, TimeUnit.NANOSECONDS);
    for (int rank = 0; rank < channels.size(); rank++) {
      if (channels.get(rank) != null) {
        listen(rank);
      }
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pulse");
    thread.setDaemon(true);
    return thread;
  }

  private void listen(int rank) {
    daemon(
            () -> {
              try {
                hear(rank);
              } catch (SocketTimeoutException e) {
                lost(rank, "it has been silent for " + timing.silence().toSeconds() + " s");
              } catch (IOException e) {
                lost(rank, "the connection was closed");
              }
            })
        .start();
  }

  /** Returns when the other is done. */
  private void hear(int rank) throws IOException {
    SocketChannel channel = channels.get(rank);
    channel.socket().setSoTimeout((int) timing.silence().toMillis());
    DataInputStream in = new DataInputStream(channel.socket().getInputStream());
    while (true) {
      switch (in.read()) {
        case ALIVE -> {}
        case LEAVING -> {
          lost(rank, "it left: " + in.readUTF());
          return;
        }
        case DONE -> {
          return;
        }
        default -> throw new EOFException();
      }
    }
  }

  private void lost(int rank, String why) {
    if (!closed) {
      loss.complete(
          "trainer %d of %d (%s) is gone: %s"
              .formatted(rank, channels.size(), addresses.get(rank), why));
    }
  }

  private void beat() {
    say(out -> out.write(ALIVE));
  }

  private interface Message {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private synchronized void say(Message words) {
    for (SocketChannel channel : channels) {
      try {
        if (channel != null) {
          OutputStream out = channel.socket().getOutputStream();
          words.writeTo(new DataOutputStream(out));
        }
      } catch (IOException e) {
        // Who listens to it notices as well, and knows why.
      }
    }
  }

  /** Tells the others why this process goes, unless it goes because of another. */
  void leave(String why) {
    if (!loss.isDone()) {
      String reason = why.substring(0, Math.min(why.length(), LONGEST_REASON));
      say(
          out -> {
            out.write(LEAVING);
            out.writeUTF(reason);
          });
    }
  }

  /** Calls back when the first process is lost, with which and why. */
  void whenLost(Consumer<String> listener) {
    var unused = loss.thenAccept(listener);
  }

  /** Which process is gone, and why; empty if that is not known within a while. */
  Optional<String> loss(Duration patience) {
    boolean interrupted = false;
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          return Optional.of(loss.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          return Optional.empty();
        } catch (java.util.concurrent.ExecutionException e) {
          throw new IllegalStateException(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends it: the others no longer wait for a sign. */
  @Override
  public void close() {
    closed = true;
    clock.shutdownNow();
    say(out -> out.write(DONE));
    new ArrayList<>(channels).forEach(Sockets::close);
  }
}
