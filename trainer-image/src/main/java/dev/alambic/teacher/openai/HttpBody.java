package dev.alambic.teacher.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A body as it arrives, read by one thread: no more is asked of the network than is read, at most a
 * number of bytes, and no later than a deadline. The JDK's own timeout ends with the headers, so
 * that a server could trickle for ever.
 */
final class HttpBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  /** An event of the network; exactly one of its fields is set, or none at the end. */
  private record Event(List<ByteBuffer> bytes, Throwable failure) {}

  private static final Event END = new Event(null, null);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final long deadline;
  private long left;
  private volatile Flow.Subscription subscription;
  private List<ByteBuffer> parts = List.of();
  private int part;
  private boolean ended;

  /**
   * A body.
   *
   * @param mostBytes that it may have
   * @param deadline on the scale of {@link System#nanoTime}
   */
  HttpBody(long mostBytes, long deadline) {
    this.left = mostBytes;
    this.deadline = deadline;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription network) {
    subscription = network;
    network.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Event(bytes, null));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(null, failure));
  }

  @Override
  public void onComplete() {
    events.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    ByteBuffer next = next();
    if (next == null) {
      return -1;
    }
    int count = Math.min(length, next.remaining());
    left -= count;
    if (left < 0) {
      throw new OversizeException();
    }
    next.get(to, offset, count);
    return count;
  }

  /** A body that is longer than any right answer. */
  static final class OversizeException extends IOException {
    private static final long serialVersionUID = 1L;

    OversizeException() {
      super("its answer is longer than any right one");
    }
  }

  /** Bytes that are there, or null at the end. */
  private ByteBuffer next() throws IOException {
    while (!ended) {
      for (; part < parts.size(); part++) {
        if (parts.get(part).hasRemaining()) {
          return parts.get(part);
        }
      }
      take();
    }
    return null;
  }

  private void take() throws IOException {
    Event event = await();
    if (event == null) {
      throw new HttpTimeoutException("its answer does not end in time");
    } else if (event.failure() != null) {
      throw new IOException("the answer broke off: " + event.failure().getMessage());
    } else if (event.bytes() == null) {
      ended = true;
    } else {
      parts = event.bytes();
      part = 0;
      subscription.request(1);
    }
  }

  private Event await() throws InterruptedIOException {
    try {
      return events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
