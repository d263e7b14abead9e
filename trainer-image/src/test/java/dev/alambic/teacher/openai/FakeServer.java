package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP server on the loopback that answers as it is told. */
final class FakeServer implements AutoCloseable {
  /**
   * An answer.
   *
   * @param announced length that the head promises, if not the body's
   */
  record Answer(int status, Map<String, String> headers, byte[] body, int announced) {
    static Answer of(int status, String body, String... headers) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      Map<String, String> map = new ConcurrentHashMap<>();
      for (int i = 0; i < headers.length; i += 2) {
        map.put(headers[i], headers[i + 1]);
      }
      return new Answer(status, map, bytes, bytes.length);
    }

    static Answer ok(JsonNode body) {
      return of(200, body.toString(), "Content-Type", "application/json");
    }

    /** The connection breaks off after half of it. */
    Answer cut() {
      return new Answer(
          status, headers, java.util.Arrays.copyOf(body, body.length / 2), body.length);
    }
  }

  /** A question as it came. */
  record Request(String path, String authorization, JsonNode body) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Function<Request, Answer>> handlers = new ConcurrentHashMap<>();
  private final Map<String, Queue<Answer>> once = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** vLLM with one model. */
  static FakeServer vllm(ToyModel model, String name) {
    return new FakeServer()
        .at("/v1/models", request -> Answer.ok(VllmAnswers.models(name)))
        .at(
            "/v1/completions",
            request ->
                Answer.ok(
                    VllmAnswers.completion(
                        model,
                        name,
                        ints(request.body().get("prompt")),
                        request.body().get("prompt_logprobs").asInt())));
  }

  /** SGLang with one model. */
  static FakeServer sglang(ToyModel model, String name) {
    return new FakeServer()
        .at("/v1/models", request -> Answer.ok(SglangAnswers.models(name)))
        .at(
            "/generate",
            request ->
                Answer.ok(
                    SglangAnswers.generation(
                        model,
                        ints(request.body().get("input_ids")),
                        request.body().get("top_logprobs_num").asInt())));
  }

  static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }

  /** Answers this path so from now on. */
  FakeServer at(String path, Function<Request, Answer> handler) {
    handlers.put(path, handler);
    return this;
  }

  /** Answers this path so once, before all else. */
  FakeServer next(String path, Answer answer) {
    once.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).add(answer);
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      Request request =
          new Request(
              exchange.getRequestURI().getPath(),
              exchange.getRequestHeaders().getFirst("Authorization"),
              bytes.length == 0 ? null : VllmAnswers.MAPPER.readTree(bytes));
      requests.add(request);
      Answer answer = answer(request);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(
          answer.status(), answer.announced() == 0 ? -1 : answer.announced());
      exchange.getResponseBody().write(answer.body());
    }
  }

  private Answer answer(Request request) {
    Queue<Answer> first = once.get(request.path());
    Answer answer = first == null ? null : first.poll();
    if (answer != null) {
      return answer;
    }
    Function<Request, Answer> handler = handlers.get(request.path());
    return handler == null ? Answer.of(404, "{\"detail\":\"Not Found\"}") : handler.apply(request);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
