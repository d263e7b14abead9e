package dev.alambic.teacher.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.openai.FakeServer.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OpenAiTeacherTest {
  private static final ToyModel MODEL = new ToyModel(40);
  private static final int SIZE = 5;
  private static final RetryPolicy POLICY =
      new RetryPolicy(
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  private final FakeTiming timing = new FakeTiming();

  private static TeacherRequirements wanted(String endpoint, String model) {
    return new TeacherRequirements(
        endpoint,
        model,
        MODEL.vocabularySize(),
        9,
        "digest",
        text -> text.chars().map(c -> c % MODEL.vocabularySize()).toArray(),
        new SignalSettings(SignalEncoding.TopK, SIZE, 0, 1));
  }

  private OpenAiTeacher connect(FakeServer server) throws InterruptedException {
    return OpenAiTeacher.connect(wanted(server.url(), null), ApiKey.of(null), POLICY, timing);
  }

  private RunException refusal(FakeServer server) {
    try (server) {
      return org.assertj.core.api.Assertions.catchThrowableOfType(
          RunException.class, () -> connect(server).close());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vllm", "sglang"})
  void tellsWhatTheServerKnows(String kind) throws Exception {
    try (FakeServer server =
            kind.equals("vllm") ? FakeServer.vllm(MODEL, "m") : FakeServer.sglang(MODEL, "m");
        OpenAiTeacher teacher = connect(server)) {
      List<int[]> sequences =
          List.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new int[] {39, 38, 0, 17});
      List<Signal> signals = teacher.score(sequences).join();

      assertThat(signals).hasSize(2);
      for (int s = 0; s < 2; s++) {
        assertTells((TopKSignal) signals.get(s), sequences.get(s));
      }
    }
  }

  private static void assertTells(TopKSignal signal, int[] tokens) {
    assertThat(signal.positions()).isEqualTo(tokens.length - 1);
    assertThat(signal.size()).isEqualTo(SIZE);
    for (int t = 0; t + 1 < tokens.length; t++) {
      double[] truth = MODEL.after(tokens[t]);
      assertThat((double) signal.labelLogProbability()[t])
          .isCloseTo(truth[tokens[t + 1]], within(6e-4));
      int[] ids = Arrays.copyOfRange(signal.ids(), t * SIZE, (t + 1) * SIZE);
      assertThat(ids)
          .isEqualTo(MODEL.top(tokens[t], SIZE).stream().mapToInt(i -> i).sorted().toArray());
      double rest = 1;
      for (int k = 0; k < SIZE; k++) {
        double value = signal.logProbabilities()[t * (SIZE + 1) + k];
        assertThat(value).isCloseTo(truth[ids[k]], within(6e-4));
        rest -= Math.exp(truth[ids[k]]);
      }
      assertThat((double) signal.logProbabilities()[t * (SIZE + 1) + SIZE])
          .isCloseTo(Math.log(rest), within(6e-4));
    }
  }

  @Test
  void asksVllmByIdsAtTemperatureOne() throws Exception {
    try (FakeServer server = FakeServer.vllm(MODEL, "m");
        OpenAiTeacher teacher = connect(server)) {
      server.requests.clear();
      teacher.score(List.of(new int[] {3, 1, 4})).join();

      assertThat(server.requests).hasSize(1);
      assertThat(server.requests.get(0).body().toString())
          .isEqualTo(
              "{\"model\":\"m\",\"prompt\":[3,1,4],\"max_tokens\":1,\"temperature\":1,"
                  + "\"prompt_logprobs\":5,\"stream\":false}");
    }
  }

  @Test
  void theAddressMayEndWithV1OrNot() throws Exception {
    try (FakeServer server = FakeServer.vllm(MODEL, "m")) {
      for (String end : List.of("", "/", "/v1", "/v1/")) {
        OpenAiTeacher.connect(wanted(server.url() + end, null), ApiKey.of(null), POLICY, timing)
            .close();
      }
    }
  }

  @Test
  void theSameModelElsewhereHasTheSameFingerprint() throws Exception {
    try (FakeServer one = FakeServer.vllm(MODEL, "m");
        FakeServer two = FakeServer.vllm(MODEL, "m");
        FakeServer other = FakeServer.vllm(MODEL, "n");
        OpenAiTeacher first = connect(one);
        OpenAiTeacher second = connect(two);
        OpenAiTeacher third = connect(other)) {
      assertThat(first.fingerprint()).isEqualTo(second.fingerprint());
      assertThat(first.fingerprint().digest()).isNotEqualTo(third.fingerprint().digest());
    }
  }

  @Test
  void sendsTheKeyAndNeverShowsIt() throws Exception {
    String key = "sk-very-secret-17";
    try (FakeServer server = FakeServer.vllm(MODEL, "m")) {
      OpenAiTeacher.connect(wanted(server.url(), null), ApiKey.of(key + "\n"), POLICY, timing)
          .close();
      assertThat(server.requests)
          .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer " + key));

      server.at("/v1/models", request -> Answer.of(401, "{\"error\":\"bad key: " + key + "\"}"));
      assertThatThrownBy(
              () ->
                  OpenAiTeacher.connect(wanted(server.url(), null), ApiKey.of(key), POLICY, timing))
          .hasMessageContaining("refuses: HTTP 401 bad key: ***: see that the key")
          .hasMessageNotContaining(key);
      assertThat(ApiKey.of(key).toString()).doesNotContain(key);
    }
  }

  @Test
  void asksForAKeyWhereOneIsNeeded() {
    FakeServer server =
        new FakeServer()
            .at("/v1/models", request -> Answer.of(401, "{\"error\":\"Unauthorized\"}"));
    RunException refusal = refusal(server);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(refusal)
        .hasMessage(
            "teacher %s refuses: HTTP 401 Unauthorized: it asks for a key: name the Secret in"
                + " spec.teacher.apiKey, or set ALAMBIC_TEACHER_API_KEY",
            server.url());
  }

  @Test
  void followsNoRedirect() {
    FakeServer server =
        new FakeServer()
            .at("/v1/models", request -> Answer.of(302, "", "Location", "http://127.0.0.1:9/"));
    assertThat(refusal(server)).hasMessageContaining("it sends elsewhere");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void tellsTheServersLimitOfIds() {
    String limit = "Requested prompt logprobs of 5, which is greater than max allowed: 3";
    FakeServer server =
        FakeServer.vllm(MODEL, "m")
            .at(
                "/v1/completions",
                request ->
                    Answer.of(400, "{\"error\":{\"message\":\"" + limit + "\",\"code\":400}}"));
    RunException refusal = refusal(server);
    assertThat(refusal).hasMessageContaining("HTTP 400 " + limit);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.DATA);
  }

  @Test
  void refusesFewerIdsThanAskedForAtOnce() {
    FakeServer server =
        FakeServer.vllm(MODEL, "m")
            .at(
                "/v1/completions",
                request ->
                    Answer.ok(
                        VllmAnswers.completion(
                            MODEL, "m", FakeServer.ints(request.body().get("prompt")), 3)));
    assertThat(refusal(server))
        .hasMessageMatching(
            "teacher .*: position 1: [34] ids, asked for 5: start the server with --max-logprobs 5"
                + " or more, or lower spec.signal.size");
    assertThat(timing.pauses).isEmpty();
  }

  @Test
  void refusesAContextThatIsTooShort() {
    ObjectNode models = VllmAnswers.models("m");
    ((ObjectNode) models.get("data").get(0)).put("max_model_len", 9);
    assertThat(refusal(new FakeServer().at("/v1/models", request -> Answer.ok(models))))
        .hasMessageContaining("training.sequenceLength: 8 tokens")
        .hasMessageContaining("takes 9");
  }

  @Test
  void comparesTokenizersWhereItCan() {
    FakeServer server =
        FakeServer.vllm(MODEL, "m")
            .at("/tokenize", request -> Answer.of(200, "{\"count\":2,\"tokens\":[33,2]}"));
    assertThat(refusal(server))
        .hasMessageContaining("has another tokenizer than spec.teacher.model: token 2 of a sample");
  }

  @Test
  void asksForANameAmongSeveral() throws Exception {
    FakeServer server =
        FakeServer.vllm(MODEL, "b").at("/v1/models", r -> Answer.ok(VllmAnswers.models("a", "b")));
    try (server) {
      assertThatThrownBy(() -> connect(server))
          .hasMessageContaining("serves a, b: name one of them in spec.teacher.servedModel");
      assertThatThrownBy(
              () ->
                  OpenAiTeacher.connect(wanted(server.url(), "c"), ApiKey.of(null), POLICY, timing))
          .hasMessageContaining("serves no c, but a, b");
      OpenAiTeacher.connect(wanted(server.url(), "b"), ApiKey.of(null), POLICY, timing).close();
    }
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws Exception {
    FakeServer server = FakeServer.vllm(MODEL, "m");
    server.next("/v1/models", Answer.of(429, "slow down", "Retry-After", "7"));
    server.next(
        "/v1/models", Answer.of(503, "later", "Retry-After", "Wed, 1 May 2024 12:00:16 GMT"));
    try (server;
        OpenAiTeacher teacher = connect(server)) {
      assertThat(teacher.fingerprint()).isNotNull();
      assertThat(timing.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    }
  }

  @Test
  void doesNotWaitLongerThanItsPatience() {
    FakeServer server =
        new FakeServer()
            .at("/v1/models", request -> Answer.of(429, "quota", "Retry-After", "3600"));
    RunException refusal = refusal(server);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.TEACHER_UNAVAILABLE);
    assertThat(refusal)
        .hasMessageContaining("asks to come back after 3600 s, more than the 30 s")
        .hasMessageContaining("HTTP 429 quota");
  }

  @Test
  void pausesGrowAndEnd() {
    FakeServer server = new FakeServer().at("/v1/models", r -> Answer.of(503, "loading"));
    RunException refusal = refusal(server);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.TEACHER_UNAVAILABLE);
    assertThat(refusal)
        .hasMessage(
            "teacher %s has not answered for 30 s (last: HTTP 503 loading): see that server",
            server.url());
    for (int i = 0; i < 6; i++) {
      assertThat(timing.pauses.get(i).toMillis()).isBetween(50L << i, 100L << i);
    }
    assertThat(timing.pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void waitsForAServerThatIsNotThereYet() {
    FakeServer server = new FakeServer();
    String url = server.url();
    server.close();
    assertThatThrownBy(
            () -> OpenAiTeacher.connect(wanted(url, null), ApiKey.of(null), POLICY, timing))
        .hasMessageContaining("has not answered for 30 s (last: Connect");
  }

  @Test
  void aServerThatAlwaysFailsIsGivenUp() {
    FakeServer server = new FakeServer().at("/v1/models", r -> Answer.of(500, "boom"));
    RunException refusal = refusal(server);
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.TEACHER_UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("failed 8 times on one request (last: HTTP 500 boom)");
  }

  @Test
  void oneDamagedAnswerIsAskedForAgain() throws Exception {
    try (FakeServer server = FakeServer.vllm(MODEL, "m");
        OpenAiTeacher teacher = connect(server)) {
      int[] tokens = {1, 2, 3};
      Answer good = Answer.ok(VllmAnswers.completion(MODEL, "m", tokens, SIZE));
      server.next("/v1/completions", good.cut());
      server.next("/v1/completions", Answer.of(200, "<html><body>Bad gateway</body></html>"));
      assertTells((TopKSignal) teacher.score(List.of(tokens)).join().get(0), tokens);
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
    try (FakeServer server = FakeServer.vllm(MODEL, "m")) {
      OpenAiTeacher teacher = connect(server);
      server.at(
          "/v1/completions",
          request -> {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return Answer.of(503, "");
          });
      var answer = teacher.score(java.util.Collections.nCopies(40, new int[] {1, 2}));
      teacher.close();
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("the teacher's client is closed");
      assertThatThrownBy(teacher.score(List.of(new int[] {1, 2}))::join)
          .hasMessageContaining("closed");
    } finally {
      never.countDown();
    }
  }
}
