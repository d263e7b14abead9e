package dev.alambic.bench.fuzz;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.openai.ApiKey;
import dev.alambic.teacher.openai.OpenAiTeacher;
import dev.alambic.teacher.openai.TeacherRequirements;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** A server like vLLM's or SGLang's whose answers are damaged. */
final class ServerTargets implements AutoCloseable {
  private static final int[] TOKENS = {1, 4, 2, 6, 3};
  private static final RetryPolicy HASTY =
      new RetryPolicy(
          Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofNanos(1), Duration.ofNanos(2));
  private static final List<String> JSON =
      Seeds.json(
          "-9999¦NaN¦\"choices\":[¦\"prompt_logprobs\":¦\"logprob\":¦\"data\":[¦\"id\":¦\"meta_info\":{");
  private static final String VLLM_CARD = "{\"data\": [{\"id\": \"m\", \"owned_by\": \"vllm\"}]}";
  private static final String SGLANG_CARD =
      "{\"data\": [{\"id\": \"m\", \"owned_by\": \"sglang\", \"max_model_len\": 64}]}";

  private final HttpServer server;
  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
  private final OpenAiTeacher vllm;
  private final OpenAiTeacher sglang;

  private ServerTargets(HttpServer server) throws InterruptedException {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
    answers.put("/v1/completions", vllmAnswer());
    answers.put("/generate", sglangAnswer());
    this.vllm = connect(Seeds.text(VLLM_CARD));
    this.sglang = connect(Seeds.text(SGLANG_CARD));
  }

  static ServerTargets open() throws IOException, InterruptedException {
    // Else every answer waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ServerTargets(HttpServer.create(loopback, 0));
  }

  List<Target> all() {
    List<byte[]> cards = List.of(Seeds.text(VLLM_CARD), Seeds.text(SGLANG_CARD));
    return List.of(
        Target.of("server's models", cards, JSON, RunException.class, in -> connect(in).close())
            .dear(20),
        Target.of(
                "vLLM's answer",
                List.of(vllmAnswer()),
                JSON,
                RunException.class,
                in -> score(vllm, "/v1/completions", in))
            .dear(10),
        Target.of(
                "SGLang's answer",
                List.of(sglangAnswer()),
                JSON,
                RunException.class,
                in -> score(sglang, "/generate", in))
            .dear(10));
  }

  private OpenAiTeacher connect(byte[] models) throws InterruptedException {
    answers.put("/v1/models", models);
    String address = "http://localhost:" + server.getAddress().getPort() + "/v1";
    SignalSettings settings = new SignalSettings(SignalEncoding.TopK, SignalTargets.SIZE, 0, 1);
    TeacherRequirements wanted =
        new TeacherRequirements(
            address, null, SignalTargets.VOCABULARY, TOKENS.length, "c", text -> TOKENS, settings);
    return OpenAiTeacher.connect(wanted, ApiKey.of(null), HASTY);
  }

  private void score(OpenAiTeacher teacher, String path, byte[] body) {
    answers.put(path, body);
    try {
      teacher.score(List.of(TOKENS)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RunException refusal) {
        throw refusal;
      }
      throw e;
    } finally {
      answers.put(path, path.equals("/generate") ? sglangAnswer() : vllmAnswer());
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = answers.get(exchange.getRequestURI().getPath());
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : length(body));
    if (body != null) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
    exchange.close();
  }

  /** To this server 0 is an unknown length, -1 none. */
  private static long length(byte[] body) {
    return body.length == 0 ? -1 : body.length;
  }

  /** A flat distribution over the vocabulary. */
  private static byte[] vllmAnswer() {
    StringBuilder text =
        new StringBuilder("{\"model\": \"m\", \"choices\": [{\"prompt_logprobs\": [null");
    for (int i = 1; i < TOKENS.length; i++) {
      text.append(", {");
      for (int id = 0; id < SignalTargets.SIZE; id++) {
        text.append("\"%d\": {\"logprob\": %s, \"rank\": 1}, ".formatted(id, flat()));
      }
      text.setLength(text.length() - 2);
      if (TOKENS[i] >= SignalTargets.SIZE) {
        text.append(", \"%d\": {\"logprob\": %s}".formatted(TOKENS[i], flat()));
      }
      text.append('}');
    }
    return Seeds.text(text.append("]}], \"usage\": {\"prompt_tokens\": 5}}").toString());
  }

  private static byte[] sglangAnswer() {
    StringBuilder labels = new StringBuilder("[[null, 1, null]");
    StringBuilder tops = new StringBuilder("[null");
    for (int i = 1; i < TOKENS.length; i++) {
      labels.append(", [%s, %d, null]".formatted(flat(), TOKENS[i]));
      tops.append(", [");
      for (int id = 0; id < SignalTargets.SIZE; id++) {
        tops.append(id == 0 ? "" : ", ").append("[%s, %d, \"x\"]".formatted(flat(), id));
      }
      tops.append(']');
    }
    return Seeds.text(
        "{\"text\": \"x\", \"meta_info\": {\"input_token_logprobs\": %s],\"input_top_logprobs\": %s]}}"
            .formatted(labels, tops));
  }

  private static String flat() {
    return Double.toString(-Math.log(SignalTargets.VOCABULARY));
  }

  @Override
  public void close() {
    vllm.close();
    sglang.close();
    server.stop(0);
  }
}
