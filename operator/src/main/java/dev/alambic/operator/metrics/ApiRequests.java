package dev.alambic.operator.metrics;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** Counts what is asked of the API server, by verb and outcome. */
final class ApiRequests implements Interceptor {
  private final MeterRegistry registry;

  ApiRequests(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    count(request, response.code() / 100 + "xx");
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    count(request, "unreachable");
  }

  private void count(HttpRequest request, String outcome) {
    Counter.builder("alambic.api.requests")
        .description("Requests to the API server; watches count when they are opened")
        .tag("verb", verb(request))
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** HTTP's method, or watch: with these alone the number of series is bounded. */
  private static String verb(HttpRequest request) {
    String query = request.uri().getQuery();
    boolean watch = query != null && query.contains("watch=true");
    return watch ? "watch" : request.method().toLowerCase(Locale.ROOT);
  }
}
