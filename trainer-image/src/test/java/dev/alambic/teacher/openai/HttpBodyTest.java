package dev.alambic.teacher.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpBodyTest {
  /** A network that counts what is asked of it. */
  private static final class Network implements Flow.Subscription {
    private long asked;
    private boolean cancelled;

    @Override
    public void request(long count) {
      asked += count;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private final Network network = new Network();

  private HttpBody body(long mostBytes, long deadline) {
    HttpBody body = new HttpBody(mostBytes, deadline);
    body.onSubscribe(network);
    return body;
  }

  private static long soon() {
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
  }

  private static List<ByteBuffer> bytes(int... lengths) {
    return java.util.Arrays.stream(lengths).mapToObj(ByteBuffer::allocate).toList();
  }

  @Test
  void isReadAsItArrives() throws IOException {
    HttpBody body = body(10, soon());
    body.onNext(bytes(0, 3, 0, 4));
    body.onNext(bytes());
    body.onNext(bytes(3));
    body.onComplete();
    assertThat(body.readAllBytes()).hasSize(10);
    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void asksForNoMoreThanIsRead() throws IOException {
    HttpBody body = body(100, soon());
    assertThat(network.asked).isEqualTo(1);
    body.onNext(bytes(3));
    assertThat(network.asked).isEqualTo(1);
    assertThat(body.read()).isZero();
    assertThat(network.asked).isEqualTo(2);
    body.close();
    assertThat(network.cancelled).isTrue();
  }

  @Test
  void endsAtItsLongest() {
    HttpBody body = body(10, soon());
    body.onNext(bytes(11));
    assertThatThrownBy(body::readAllBytes).isInstanceOf(HttpBody.OversizeException.class);
  }

  @Test
  void endsAtItsDeadline() {
    HttpBody body = body(10, System.nanoTime() - 1);
    assertThatThrownBy(body::readAllBytes).isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void tellsThatItBrokeOff() {
    HttpBody body = body(10, soon());
    body.onNext(bytes(3));
    body.onError(new IOException("reset"));
    assertThatThrownBy(body::readAllBytes).hasMessage("the answer broke off: reset");
  }
}
