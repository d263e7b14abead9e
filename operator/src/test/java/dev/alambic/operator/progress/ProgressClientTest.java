package dev.alambic.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A trainer that answers well, badly, too much, or not at all. */
class ProgressClientTest {
  private static final Progress PROGRESS = TestProgress.progress(Progress.State.Training, 2);

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private Progress read(HttpHandler handler, Duration patience) throws Exception {
    server.createContext("/progress", handler);
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/progress");
    return new ProgressClient(patience).read(uri).get(20, TimeUnit.SECONDS);
  }

  private static HttpHandler answering(int status, String body) {
    return exchange -> {
      try (exchange) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    };
  }

  @Test
  void readsProgress() throws Exception {
    assertThat(read(answering(200, RunJson.write(PROGRESS)), Duration.ofSeconds(10)))
        .isEqualTo(PROGRESS);
  }

  @Test
  void anErrorIsNoProgress() {
    assertThatThrownBy(() -> read(answering(500, "oops"), Duration.ofSeconds(10)))
        .hasMessageContaining("HTTP 500");
  }

  @Test
  void nonsenseIsNoProgress() {
    assertThatThrownBy(() -> read(answering(200, "<html>"), Duration.ofSeconds(10)))
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    HttpHandler endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[1 << 16];
          while (true) {
            exchange.getResponseBody().write(block);
          }
        };
    assertThatThrownBy(() -> read(endless, Duration.ofSeconds(10)))
        .hasMessageContaining("more than 1048576 bytes");
  }

  @Test
  void anAnswerThatStopsInTheMiddleHasATimeLimit() {
    HttpHandler half =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> read(half, Duration.ofMillis(300))).hasMessageContaining("Timeout");
  }

  @Test
  void aConnectionThatIsGivenUpIsClosed() {
    CountDownLatch closed = new CountDownLatch(1);
    HttpHandler trickling =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
            }
          } catch (IOException e) {
            closed.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> read(trickling, Duration.ofMillis(300)))
        .hasMessageContaining("Timeout");
    await().atMost(Duration.ofSeconds(20)).until(() -> closed.getCount() == 0);
  }
}
