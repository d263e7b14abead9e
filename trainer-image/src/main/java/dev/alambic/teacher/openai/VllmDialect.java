package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * vLLM's {@code /v1/completions} with its extra parameter {@code prompt_logprobs}
 * (vllm/entrypoints/openai/completion/protocol.py). {@code choices[0].prompt_logprobs} has an
 * element for each token of the prompt: null for the first, then an object by id, of the K most
 * probable ids and of the prompt's own token where it isn't among them. They are log-softmax of the
 * model's logits: sampling parameters don't touch them.
 *
 * @param model to ask for
 * @param names that it may answer under
 */
record VllmDialect(String model, Set<String> names) implements Dialect {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String path() {
    return "/v1/completions";
  }

  @Override
  public byte[] question(int[] tokens, int size) {
    ObjectNode question = MAPPER.createObjectNode();
    question.put("model", model);
    question.set("prompt", MAPPER.valueToTree(tokens));
    // No fewer: none is allowed only with echo, which would repeat the prompt as text.
    question.put("max_tokens", 1);
    question.put("temperature", 1);
    question.put("prompt_logprobs", size);
    question.put("stream", false);
    return question.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void read(InputStream body, TopKAnswer answer) throws IOException {
    boolean[] told = new boolean[1];
    String[] error = new String[1];
    JsonAnswer.read(
        body,
        (json, name) -> {
          switch (name) {
            case "model" -> requireModel(json.text());
            case "choices" -> told[0] = choices(json, answer);
            case "message" -> error[0] = json.text();
            default -> json.skip();
          }
        });
    if (!told[0]) {
      throw new SignalException(
          error[0] == null
              ? "its answer has no prompt_logprobs: vLLM's server gives them, and servers that"
                  + " keep to it"
              : "it says: " + ServerText.brief(error[0]));
    }
  }

  private void requireModel(String answering) {
    if (answering != null && !names.contains(answering)) {
      throw new SignalException(
          "its answer is of the model " + ServerText.brief(answering) + ", asked for " + model);
    }
  }

  private static boolean choices(JsonAnswer json, TopKAnswer answer) throws IOException {
    int[] choices = new int[1];
    boolean[] told = new boolean[1];
    json.array(
        (choice, none) -> {
          if (choices[0]++ > 0) {
            throw new SignalException("its answer has more than one choice");
          }
          choice.object(
              (member, name) -> {
                if (name.equals("prompt_logprobs") && !member.isNull()) {
                  positions(member, answer);
                  told[0] = true;
                } else {
                  member.skip();
                }
              });
        });
    return told[0];
  }

  private static void positions(JsonAnswer json, TopKAnswer answer) throws IOException {
    Candidates found = new Candidates(answer.size() + 1);
    int[] next = new int[1];
    json.array(
        (element, none) -> {
          int token = next[0]++;
          if (token == 0) {
            requireNothingBefore(element);
          } else {
            found.clear();
            element.object((entry, id) -> found.add(id(id), logProbability(entry)));
            put(answer, token - 1, found);
          }
        });
    answer.requireAll(next[0]);
  }

  private static void requireNothingBefore(JsonAnswer first) throws IOException {
    if (!first.isNull()) {
      throw new SignalException("the first token has a probability, with nothing before it");
    }
  }

  private static void put(TopKAnswer answer, int position, Candidates found) {
    answer.requireInside(position);
    int label = answer.label(position);
    double own = found.count() > answer.size() ? found.remove(label) : found.find(label);
    if (Double.isNaN(own)) {
      throw new SignalException(
          "position " + (position + 1) + ": the text's own token " + label + " is not told");
    }
    answer.putLabel(position, own);
    answer.putTop(position, found);
  }

  private static int id(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new SignalException("\"" + ServerText.brief(text) + "\" is not the id of a token");
    }
  }

  /** vLLM writes an impossible token as -9999, because JSON has no infinity. */
  private static double logProbability(JsonAnswer entry) throws IOException {
    double[] value = {Double.NaN};
    entry.object(
        (member, name) -> {
          if (name.equals("logprob")) {
            value[0] = member.number();
          } else {
            member.skip();
          }
        });
    return value[0];
  }

  @Override
  public String moreIds(int size) {
    return "start the server with --max-logprobs " + size + " or more, or lower spec.signal.size";
  }
}
