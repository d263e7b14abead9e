package dev.alambic.parallel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.RunException;
import dev.alambic.torch.Torch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Queue<String> news = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void engine() {
    Torch.start(1);
  }

  @Test
  void theMissingAreNamedAndGivenUpInTheEnd() throws Exception {
    List<String> addresses = Ranks.addresses(4);
    try (Rendezvous meeting = new Rendezvous(new World(0, 4), addresses, new byte[32])) {
      assertThatThrownBy(() -> meeting.meet(Duration.ZERO, news::add))
          .isInstanceOf(RunException.class)
          .hasMessage("gave up after 0 s waiting for trainers 1, 2, 3 of 4");
    }
    assertThat(news).containsExactly("waiting for trainers 1, 2, 3 of 4");
  }

  @Test
  void aStrangerAtTheDoorIsNotLetIn() throws Exception {
    List<String> addresses = Ranks.addresses(2);
    byte[] other = new byte[32];
    other[31] = 1;
    try (Rendezvous mine = new Rendezvous(new World(0, 2), addresses, new byte[32]);
        Rendezvous theirs = new Rendezvous(new World(1, 2), addresses, other);
        SocketChannel noise = SocketChannel.open(address(addresses.get(0)))) {
      noise.write(
          ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: somebody\r\nAccept: */*\r\n".getBytes(UTF_8)));
      CompletableFuture<Object> called = inBackground(theirs, Duration.ofMillis(500));
      assertThatThrownBy(() -> mine.meet(Duration.ofMillis(500), news::add))
          .hasMessageContaining("waiting for trainer 1 of 2");
      assertThat(called).failsWithin(LONG);
    }
  }

  @Test
  void whoIsStartedAgainIsMetAgain() throws Exception {
    List<String> addresses = Ranks.addresses(3);
    try (Rendezvous first = new Rendezvous(new World(0, 3), addresses, new byte[32])) {
      CompletableFuture<Object> met = inBackground(first, LONG);
      Rendezvous lost = new Rendezvous(new World(1, 3), addresses, new byte[32]);
      CompletableFuture<Object> never = inBackground(lost, Duration.ofSeconds(1));
      Awaitility.await().until(() -> news.contains("waiting for trainer 2 of 3"));
      assertThat(never).failsWithin(LONG);
      lost.close();
      try (Rendezvous again = new Rendezvous(new World(1, 3), addresses, new byte[32]);
          Rendezvous last = new Rendezvous(new World(2, 3), addresses, new byte[32])) {
        CompletableFuture<Object> second = inBackground(again, LONG);
        assertThat(inBackground(last, LONG)).succeedsWithin(LONG);
        assertThat(second).succeedsWithin(LONG);
        assertThat(met).succeedsWithin(LONG);
      }
    }
  }

  private CompletableFuture<Object> inBackground(Rendezvous meeting, Duration patience) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return meeting.meet(patience, news::add);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        work -> new Thread(work).start());
  }

  private static InetSocketAddress address(String address) {
    int colon = address.indexOf(':');
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(colon + 1)));
  }
}
