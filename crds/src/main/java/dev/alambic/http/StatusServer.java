package dev.alambic.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Serves a few short texts; two requests at a time. */
public final class StatusServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "status");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * A server on this port; 0 for any free one.
   *
   * @throws UncheckedIOException if the port is taken
   */
  public StatusServer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
  }

  /** Answers {@code path} with 200 and "ok", or 503 while {@code good} is false. */
  public StatusServer probe(String path, BooleanSupplier good) {
    return serve(path, "text/plain", good, () -> good.getAsBoolean() ? "ok\n" : "");
  }

  /** Answers {@code path} with 200, or 503 while {@code ready} is false. */
  public StatusServer serve(
      String path, String contentType, BooleanSupplier ready, Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            int status = ready.getAsBoolean() ? 200 : 503;
            answer(exchange, status, contentType, body.get());
          }
        });
    return this;
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Starts to answer. */
  public StatusServer start() {
    server.start();
    return this;
  }

  /** The port that is listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
