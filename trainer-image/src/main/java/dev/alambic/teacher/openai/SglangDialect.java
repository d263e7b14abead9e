package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * SGLang's {@code /generate} (python/sglang/srt/managers/io_struct.py). In {@code meta_info} stand
 * {@code input_token_logprobs}, {@code [log-probability, id, text]} of each token of the prompt,
 * and {@code input_top_logprobs}, of each a list of such; the first has none. The order of the two
 * is not told, so that one is read without the other.
 */
record SglangDialect() implements Dialect {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String path() {
    return "/generate";
  }

  @Override
  public byte[] question(int[] tokens, int size) {
    ObjectNode question = MAPPER.createObjectNode();
    question.set("input_ids", MAPPER.valueToTree(tokens));
    question.putObject("sampling_params").put("max_new_tokens", 1).put("temperature", 1);
    question.put("return_logprob", true);
    question.put("logprob_start_len", 0);
    question.put("top_logprobs_num", size);
    question.put("stream", false);
    return question.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void read(InputStream body, TopKAnswer answer) throws IOException {
    boolean[] told = new boolean[2];
    JsonAnswer.read(
        body,
        (json, name) -> {
          if (name.equals("meta_info")) {
            json.object((member, field) -> metaInfo(member, field, answer, told));
          } else {
            json.skip();
          }
        });
    if (!told[0] || !told[1]) {
      throw new SignalException(
          "its answer has no "
              + (told[0] ? "input_top_logprobs" : "input_token_logprobs")
              + " in meta_info: SGLang's server gives them");
    }
  }

  private static void metaInfo(JsonAnswer json, String field, TopKAnswer answer, boolean[] told)
      throws IOException {
    if (field.equals("input_token_logprobs")) {
      labels(json, answer);
      told[0] = true;
    } else if (field.equals("input_top_logprobs")) {
      tops(json, answer);
      told[1] = true;
    } else {
      json.skip();
    }
  }

  private static void labels(JsonAnswer json, TopKAnswer answer) throws IOException {
    int[] next = new int[1];
    Candidates one = new Candidates(1);
    json.array(
        (element, none) -> {
          int position = next[0]++ - 1;
          if (position < 0) {
            element.skip();
            return;
          }
          answer.requireInside(position);
          one.clear();
          entry(element, one);
          if (one.id(0) != answer.label(position)) {
            throw new SignalException(
                "position %d: the text's own token is %d, the answer is of %d"
                    .formatted(position + 1, answer.label(position), one.id(0)));
          }
          answer.putLabel(position, one.logProbability(0));
        });
    answer.requireAll(next[0]);
  }

  private static void tops(JsonAnswer json, TopKAnswer answer) throws IOException {
    int[] next = new int[1];
    Candidates found = new Candidates(answer.size());
    json.array(
        (element, none) -> {
          int position = next[0]++ - 1;
          if (position < 0) {
            element.skip();
            return;
          }
          answer.requireInside(position);
          found.clear();
          element.array((candidate, nothing) -> entry(candidate, found));
          answer.putTop(position, found);
        });
    answer.requireAll(next[0]);
  }

  /** {@code [log-probability, id, text]}. */
  private static void entry(JsonAnswer json, Candidates to) throws IOException {
    int[] at = new int[1];
    double[] logProbability = new double[1];
    json.array(
        (element, none) -> {
          switch (at[0]++) {
            case 0 -> logProbability[0] = element.number();
            case 1 -> to.add(element.integer(), logProbability[0]);
            default -> element.skip();
          }
        });
    if (at[0] < 2) {
      throw new SignalException(
          "an entry of " + at[0] + " values is not a log-probability and an id");
    }
  }

  @Override
  public String moreIds(int size) {
    return "lower spec.signal.size";
  }
}
