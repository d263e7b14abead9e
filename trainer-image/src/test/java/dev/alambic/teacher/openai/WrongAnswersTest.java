package dev.alambic.teacher.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.signal.SignalException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of answer that must not be learnt from. */
class WrongAnswersTest {
  private static final ToyModel MODEL = new ToyModel(20);
  private static final int SIZE = 4;
  private static final int[] TOKENS = {3, 1, 4, 1, 5};
  private static final Dialect VLLM = new VllmDialect("m", Set.of("m"));
  private static final Dialect SGLANG = new SglangDialect();

  private static void read(Dialect dialect, String body) throws Exception {
    TopKAnswer answer = new TopKAnswer(TOKENS, SIZE, MODEL.vocabularySize());
    dialect.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), answer);
    answer.signal();
  }

  private static ObjectNode vllm() {
    return VllmAnswers.completion(MODEL, "m", TOKENS, SIZE);
  }

  private static ObjectNode choice(ObjectNode answer) {
    return (ObjectNode) answer.get("choices").get(0);
  }

  private static ArrayNode positions(ObjectNode answer) {
    return (ArrayNode) choice(answer).get("prompt_logprobs");
  }

  private static ObjectNode position(ObjectNode answer, int at) {
    return (ObjectNode) positions(answer).get(at);
  }

  /** An id that is told of token {@code at} and isn't the text's own. */
  private static String other(int at) {
    return Integer.toString(
        MODEL.top(TOKENS[at - 1], SIZE).stream()
            .filter(id -> id != TOKENS[at])
            .findFirst()
            .orElseThrow());
  }

  private static ObjectNode entry(ObjectNode answer, int at) {
    return (ObjectNode) position(answer, at).get(other(at));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("no probabilities", a -> choice(a).remove("prompt_logprobs"), "no prompt_logprobs"),
        change("null", a -> choice(a).putNull("prompt_logprobs"), "no prompt_logprobs"),
        change("no choices", a -> a.remove("choices"), "no prompt_logprobs"),
        change("no choice", a -> a.putArray("choices"), "no prompt_logprobs"),
        change(
            "two choices",
            a -> ((ArrayNode) a.get("choices")).add(choice(a).deepCopy()),
            "more than one choice"),
        change("another model", a -> a.put("model", "n"), "of the model n, asked for m"),
        change("one token less", a -> positions(a).remove(4), "of 4 tokens for 5 sent"),
        change(
            "one token more",
            a -> positions(a).add(position(a, 4).deepCopy()),
            "more than the tokens sent"),
        change(
            "no null first",
            a -> positions(a).set(0, position(a, 1).deepCopy()),
            "the first token has a probability"),
        change("a null within", a -> positions(a).setNull(2), "where an object should be"),
        change(
            "two ids more",
            a -> position(a, 2).setAll(java.util.Map.of("0", entry(a, 2), "19", entry(a, 2))),
            null),
        change("NaN", a -> entry(a, 2).put("logprob", Double.NaN), "not the JSON it should be"),
        change(
            "infinity",
            a -> entry(a, 2).put("logprob", Double.POSITIVE_INFINITY),
            "not the JSON it should be"),
        change("null value", a -> entry(a, 2).putNull("logprob"), "where a number should be"),
        change("no value", a -> entry(a, 2).remove("logprob"), "not a log-probability"),
        change("positive", a -> entry(a, 2).put("logprob", 0.5), "which is not a log-probability"),
        change("over all numbers", a -> entry(a, 2).put("logprob", -1e300 * 1e300), "number"),
        change("logits", a -> entry(a, 2).put("logprob", -1e-5), "sum to"),
        change(
            "an id that is none",
            a -> rename(position(a, 2), other(2), "20"),
            "id 20 is outside the vocabulary of 20"),
        change("a negative id", a -> rename(position(a, 2), other(2), "-1"), "id -1 is outside"),
        change("an id of letters", a -> rename(position(a, 2), other(2), "x"), "not the id"),
        change(
            "an id as a token",
            a -> rename(position(a, 2), other(2), "token_id:7"),
            "\"token_id:7\" is not the id of a token"),
        change(
            "without the text's own token",
            a -> rename(position(a, 2), Integer.toString(TOKENS[2]), "0"),
            null),
        change(
            "an error with status 200",
            a -> a.removeAll().put("object", "error").put("message", "out of\nmemory"),
            "it says: out of memory"));
  }

  private static Arguments change(String what, Consumer<ObjectNode> change, String reason) {
    return Arguments.of(what, change, reason);
  }

  private static void rename(ObjectNode object, String from, String to) {
    object.set(to, object.remove(from));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void isRefusedInOneLine(String what, Consumer<ObjectNode> change, String reason) {
    ObjectNode answer = vllm();
    change.accept(answer);
    // Written with NaN as Python does: without quotes.
    String body = answer.toString().replace("\"NaN\"", "NaN").replace("\"Infinity\"", "Infinity");

    assertThatThrownBy(() -> read(VLLM, body))
        .as(what)
        .isInstanceOfAny(SignalException.class, TopKAnswer.FewIdsException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(500))
        .hasMessageContaining(reason == null ? "" : reason);
  }

  @Test
  void theAnswerAsItIsIsTaken() throws Exception {
    read(VLLM, vllm().toString());
    read(SGLANG, SglangAnswers.generation(MODEL, TOKENS, SIZE).toString());
  }

  @Test
  void anIdTwiceIsRefused() {
    ObjectNode answer = vllm();
    String id = other(2);
    String twice = "\"" + id + "\":{\"logprob\":-9.0},\"" + id + "\":";
    String body = answer.toString();
    int second = body.indexOf("}},{", body.indexOf("prompt_logprobs")) + 3;
    String wrong =
        body.substring(0, second) + body.substring(second).replaceFirst("\"" + id + "\":", twice);
    assertThatThrownBy(() -> read(VLLM, wrong)).isInstanceOf(SignalException.class);
  }

  static Stream<Arguments> bodies() {
    String good = vllm().toString();
    return Stream.of(
        Arguments.of("", "nothing where an object should be"),
        Arguments.of("<html><body>502</body></html>", "not the JSON it should be"),
        Arguments.of("null", "where an object should be"),
        Arguments.of("[]", "where an object should be"),
        Arguments.of("{}", "no prompt_logprobs"),
        Arguments.of(good + "{}", "it has more after the end of its JSON"),
        Arguments.of(good.substring(0, good.length() / 2), "JSON"),
        Arguments.of("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", "not the JSON"),
        Arguments.of("{\"a\":" + "9".repeat(100_000) + "}", "not the JSON"),
        Arguments.of("{\"a\":\"" + "x".repeat(2_000_000) + "\",\"b\":1}", "no prompt_logprobs"),
        Arguments.of("{\"message\":\"" + "x".repeat(2_000_000) + "\"}", "not the JSON"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void anotherBodyIsRefused(String body, String reason) {
    assertThatThrownBy(() -> read(VLLM, body))
        .isInstanceOf(SignalException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> sglangChanges() {
    return Stream.of(
        sglang("no labels", i -> without(i, "input_token_logprobs"), "no input_token_logprobs"),
        sglang("no tops", i -> without(i, "input_top_logprobs"), "no input_top_logprobs"),
        sglang("null tops", i -> i.putNull("input_top_logprobs"), "where an array should be"),
        sglang(
            "other tokens",
            i -> ((ArrayNode) i.get("input_token_logprobs").get(2)).set(1, 9),
            "the text's own token is 4, the answer is of 9"),
        sglang(
            "a null probability",
            i -> ((ArrayNode) i.get("input_token_logprobs").get(2)).setNull(0),
            "where a number should be"),
        sglang(
            "an id more",
            i ->
                ((ArrayNode) i.get("input_top_logprobs").get(2))
                    .add(VllmAnswers.MAPPER.createArrayNode().add(-9).add(19)),
            "more than the 4 ids"),
        sglang(
            "an id less",
            i -> ((ArrayNode) i.get("input_top_logprobs").get(2)).remove(0),
            "3 ids, asked for 4"),
        sglang(
            "half an entry",
            i -> ((ArrayNode) i.get("input_top_logprobs").get(2).get(1)).remove(2).isNull(),
            null),
        sglang(
            "a position less",
            i -> ((ArrayNode) i.get("input_top_logprobs")).remove(4),
            "of 4 tokens for 5 sent"),
        sglang(
            "the text's own token less probable than it is",
            i -> ((ArrayNode) i.get("input_token_logprobs").get(2)).set(0, -0.01),
            "the text's own token"));
  }

  private static Arguments sglang(String what, Consumer<ObjectNode> change, String reason) {
    UnaryOperator<ObjectNode> changed =
        answer -> {
          change.accept((ObjectNode) answer.get("meta_info"));
          return answer;
        };
    return Arguments.of(what, changed, reason);
  }

  private static void without(ObjectNode object, String field) {
    object.remove(field);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sglangChanges")
  void isRefusedFromSglangToo(String what, UnaryOperator<ObjectNode> change, String reason)
      throws Exception {
    String body = change.apply(SglangAnswers.generation(MODEL, TOKENS, SIZE)).toString();
    if (reason == null) {
      read(SGLANG, body);
      return;
    }
    assertThatThrownBy(() -> read(SGLANG, body))
        .as(what)
        .isInstanceOfAny(SignalException.class, TopKAnswer.FewIdsException.class)
        .hasMessageContaining(reason);
  }
}
