package dev.alambic.operator.controller;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays an API server on the loopback interface: server-side apply, lists and watches of what was
 * applied, failures when a test asks for them, and a role's limits when it is given one. It
 * validates nothing, and no controllers run.
 */
final class FakeApiServer implements AutoCloseable {
  /** The method of a GET that watches, where failures are asked for. */
  static final String WATCH = "WATCH";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern VERSION = Pattern.compile("resourceVersion=(\\d+)");

  private record Plan(String method, String pathEnd, ApiFailure failure) {
    boolean is(ApiRequest request) {
      return method.equals(request.watches() ? WATCH : request.method())
          && request.path().endsWith(pathEnd);
    }
  }

  private final FakeObjects objects = new FakeObjects();
  private final List<ApiRequest> requests = new ArrayList<>();
  private final List<Plan> failures = new ArrayList<>();
  private final Set<Access> asked = new ConcurrentSkipListSet<>();
  private final Set<Access> refused = new ConcurrentSkipListSet<>();
  private final AtomicInteger watching = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile boolean watchable = true;

  /** Null: everybody may do everything. */
  private volatile AccessRules rules;

  FakeApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A client that does not ask again by itself. */
  KubernetesClient client() {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withNamespace(Cluster.NAMESPACE)
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(10)
            .withOnlyHttpWatches(true)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(LeanSerialization.create())
        .build();
  }

  /** The next such request fails, once for each call of this. */
  void fail(String method, String pathEnd, int code, String message) {
    synchronized (failures) {
      failures.add(new Plan(method, pathEnd, new ApiFailure(code, message)));
    }
  }

  /** From now on nothing else is allowed. */
  void allowOnly(AccessRules role) {
    rules = role;
  }

  /** What was asked for, allowed or not. */
  Set<Access> asked() {
    return asked;
  }

  /** What was asked for and not allowed. */
  Set<Access> refused() {
    return refused;
  }

  FakeObjects objects() {
    return objects;
  }

  /** All there is, as an informer would have it. */
  List<HasMetadata> shown() {
    return objects.all().stream()
        .map(
            object ->
                (HasMetadata) Serialization.unmarshal(object.toString(), KubernetesResource.class))
        .toList();
  }

  List<ApiRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** The writing requests since the last call of {@link #forgetRequests}. */
  List<String> writes() {
    return requests().stream().filter(ApiRequest::writes).map(ApiRequest::line).toList();
  }

  List<ApiRequest> requests(String method, String pathEnd) {
    return requests().stream()
        .filter(request -> request.method().equals(method) && request.path().endsWith(pathEnd))
        .toList();
  }

  void forgetRequests() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /** Ends all watches, as an API server that restarts; none is served until they are opened. */
  void closeWatches() {
    watchable = false;
    await().until(() -> watching.get() == 0);
  }

  void openWatches() {
    watchable = true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      ApiRequest request = read(exchange);
      ApiFailure failure = planned(request);
      Optional<Access> forbidden = forbidden(request);
      if (forbidden.isPresent()) {
        refuse(exchange, new ApiFailure(403, forbidden.get().refusal()));
      } else if (failure != null) {
        refuse(exchange, failure);
      } else if (request.watches()) {
        watch(exchange, request);
      } else {
        serve(exchange, request);
      }
    }
  }

  private ApiRequest read(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    ApiRequest request =
        new ApiRequest(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            body.length == 0 ? null : JSON.readTree(body),
            Duration.ofNanos(System.nanoTime()));
    synchronized (requests) {
      requests.add(request);
    }
    return request;
  }

  private Optional<Access> forbidden(ApiRequest request) {
    ApiPath path = ApiPath.of(request.path());
    boolean there = path.name() != null && objects.get(path) != null;
    List<Access> demanded = Access.demandedFor(request, there);
    asked.addAll(demanded);
    Optional<Access> forbidden =
        demanded.stream().filter(access -> rules != null && !rules.allow(access)).findFirst();
    forbidden.ifPresent(refused::add);
    return forbidden;
  }

  private ApiFailure planned(ApiRequest request) {
    synchronized (failures) {
      for (Plan plan : failures) {
        if (plan.is(request)) {
          failures.remove(plan);
          return plan.failure();
        }
      }
      return null;
    }
  }

  private void serve(HttpExchange exchange, ApiRequest request) throws IOException {
    ApiPath path = ApiPath.of(request.path());
    ObjectNode before = path.name() == null ? null : objects.get(path);
    JsonNode uid = request.body() == null ? null : request.body().at("/preconditions/uid");
    switch (request.method()) {
      case "GET" -> {
        if (path.name() == null) {
          send(exchange, 200, objects.list(path).toString());
        } else if (before == null) {
          refuse(exchange, new ApiFailure(404, "not found"));
        } else {
          send(exchange, 200, before.toString());
        }
      }
      case "POST" -> create(exchange, path, request.body());
      case "PATCH" -> patch(exchange, path, request);
      case "DELETE" -> {
        if (before == null) {
          refuse(exchange, new ApiFailure(404, "not found"));
        } else if (uid != null && uid.isTextual() && !uid.equals(before.at("/metadata/uid"))) {
          refuse(exchange, new ApiFailure(409, "the UID in the precondition is another"));
        } else {
          send(exchange, 200, objects.delete(path).toString());
        }
      }
      default -> refuse(exchange, new ApiFailure(405, "not played"));
    }
  }

  private void patch(HttpExchange exchange, ApiPath path, ApiRequest request) throws IOException {
    ObjectNode before = objects.get(path);
    boolean merges = request.contentType().startsWith(MergePatch.CONTENT_TYPE);
    if (merges && before == null) {
      refuse(exchange, new ApiFailure(404, "not found"));
      return;
    }
    JsonNode wanted = merges ? MergePatch.of(before, request.body()) : request.body();
    send(exchange, 200, objects.apply(path, wanted).toString());
  }

  private void create(HttpExchange exchange, ApiPath path, JsonNode body) throws IOException {
    if (path.resource().endsWith("/selfsubjectrulesreviews")) {
      send(exchange, 201, review().toString());
      return;
    }
    ApiPath wanted =
        new ApiPath(
            path.resource(), path.namespace(), body.at("/metadata/name").asText(null), false);
    if (objects.get(wanted) != null) {
      refuse(exchange, new ApiFailure(409, "already exists"));
    } else {
      send(exchange, 201, objects.create(path, body).toString());
    }
  }

  /** Who asks what it may do with leases is told. */
  private ObjectNode review() {
    ObjectNode review = JSON.createObjectNode();
    review.put("kind", "SelfSubjectRulesReview").put("apiVersion", "authorization.k8s.io/v1");
    ObjectNode rule = review.withObject("status").withArray("resourceRules").addObject();
    rule.withArray("apiGroups").add("coordination.k8s.io");
    rule.withArray("resources").add("leases");
    rules.verbs("coordination.k8s.io/leases").forEach(rule.withArray("verbs")::add);
    return review;
  }

  private void watch(HttpExchange exchange, ApiRequest request) throws IOException {
    watching.incrementAndGet();
    try {
      if (watchable) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        tell(exchange.getResponseBody(), request);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watching.decrementAndGet();
    }
  }

  private void tell(OutputStream to, ApiRequest request) throws IOException, InterruptedException {
    Matcher from = VERSION.matcher(request.query());
    long seen = from.find() ? Long.parseLong(from.group(1)) : 0;
    ApiPath path = ApiPath.of(request.path());
    while (watchable) {
      for (FakeObjects.Change change : objects.after(seen, path, () -> !watchable)) {
        to.write((change.json() + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
        seen = change.version();
      }
    }
  }

  private static void refuse(HttpExchange exchange, ApiFailure failure) throws IOException {
    if (failure.code() != ApiFailure.RESET) {
      send(exchange, failure.code(), failure.json());
    }
  }

  private static void send(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
