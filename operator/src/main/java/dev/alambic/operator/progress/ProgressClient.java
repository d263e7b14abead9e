package dev.alambic.operator.progress;

import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks one trainer for its progress. */
final class ProgressClient implements ProgressReader {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** A curve of {@link Progress#MAX_CURVE_POINTS} points is about 80 kB. */
  private static final int MOST_BYTES = 1 << 20;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final Duration patience;

  /** A client that waits so long for a whole answer. */
  ProgressClient(Duration patience) {
    this.patience = patience;
  }

  @Override
  public CompletableFuture<Progress> read(URI uri) {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, headers -> new LimitedBody(MOST_BYTES));
    // The request's own timeout ends with the headers: a body may trickle for ever. The copy times
    // out, so that the answer itself can still be cancelled, which closes the connection.
    return answer
        .copy()
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((done, failure) -> answer.cancel(true))
        .thenApply(ProgressClient::parse);
  }

  private static Progress parse(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new UncheckedIOException(new IOException("HTTP " + response.statusCode()));
    }
    return RunJson.read(new String(response.body(), StandardCharsets.UTF_8), Progress.class);
  }
}
