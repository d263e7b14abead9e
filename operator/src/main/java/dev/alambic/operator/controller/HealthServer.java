package dev.alambic.operator.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics} of the operator. */
final class HealthServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "health");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Starts serving.
   *
   * @param healthy whether the process can go on; if not, it is started again
   * @param ready whether it has started
   * @param metrics in Prometheus' text format
   */
  HealthServer(int port, BooleanSupplier healthy, BooleanSupplier ready, Supplier<String> metrics)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 16);
    server.setExecutor(threads);
    serve("/healthz", "text/plain", healthy, () -> "");
    serve("/readyz", "text/plain", ready, () -> "");
    serve("/metrics", "text/plain; version=0.0.4", () -> true, metrics);
    server.start();
  }

  private void serve(String path, String contentType, BooleanSupplier good, Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer(exchange, good.getAsBoolean() ? 200 : 503, contentType, body.get());
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
