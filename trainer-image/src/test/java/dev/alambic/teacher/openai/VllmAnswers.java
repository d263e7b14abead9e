package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What vLLM's server answers when it serves a {@link ToyModel}. */
final class VllmAnswers {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private VllmAnswers() {}

  static ObjectNode models(String... ids) {
    ObjectNode list = MAPPER.createObjectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    for (String id : ids) {
      data.addObject()
          .put("id", id)
          .put("object", "model")
          .put("created", 1_700_000_000)
          .put("owned_by", "vllm")
          .put("root", "/models/" + id)
          .putNull("parent")
          .put("max_model_len", 4096)
          .putArray("permission");
    }
    return list;
  }

  /** {@code /v1/completions} with {@code prompt_logprobs}. */
  static ObjectNode completion(ToyModel model, String name, int[] tokens, int size) {
    ObjectNode answer = MAPPER.createObjectNode().put("id", "cmpl-1").put("model", name);
    answer.put("object", "text_completion");
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0).put("text", " the").putNull("logprobs").put("finish_reason", "length");
    ArrayNode positions = choice.putArray("prompt_logprobs");
    positions.addNull();
    for (int i = 0; i + 1 < tokens.length; i++) {
      positions.add(position(model, tokens[i], tokens[i + 1], size));
    }
    answer.putObject("usage").put("prompt_tokens", tokens.length);
    return answer;
  }

  /** The text's own token comes first, as vLLM puts it. */
  private static ObjectNode position(ToyModel model, int before, int own, int size) {
    double[] values = model.after(before);
    List<Integer> all = model.top(before, model.vocabularySize());
    List<Integer> told = new ArrayList<>(all.subList(0, Math.min(size, all.size())));
    told.remove((Integer) own);
    told.add(0, own);
    ObjectNode position = MAPPER.createObjectNode();
    for (int id : told) {
      position
          .putObject(Integer.toString(id))
          .put("logprob", (float) values[id])
          .put("rank", all.indexOf(id) + 1)
          .put("decoded_token", "\u0120t" + id);
    }
    return position;
  }
}
