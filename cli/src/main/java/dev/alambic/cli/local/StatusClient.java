package dev.alambic.cli.local;

import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Reads health and progress of teacher and trainer over HTTP on this machine. */
public final class StatusClient {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** Whether the process on this port reports to be alive. */
  public boolean healthy(int port) throws InterruptedException {
    return says(port, "/healthz");
  }

  /** Whether the process on this port reports to be ready. */
  public boolean ready(int port) throws InterruptedException {
    return says(port, "/readyz");
  }

  private boolean says(int port, String path) throws InterruptedException {
    return get(port, path).filter(response -> response.statusCode() == 200).isPresent();
  }

  /**
   * The trainer's progress; empty while it does not answer.
   *
   * @throws IllegalArgumentException if what it answers is none
   */
  public Optional<Progress> progress(int port) throws InterruptedException {
    return get(port, "/progress")
        .filter(response -> response.statusCode() == 200)
        .map(response -> RunJson.read(response.body(), Progress.class));
  }

  private Optional<HttpResponse<String>> get(int port, String path) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try {
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
