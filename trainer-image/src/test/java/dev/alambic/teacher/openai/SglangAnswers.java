package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What SGLang's server answers when it serves a {@link ToyModel}. */
final class SglangAnswers {
  private SglangAnswers() {}

  static ObjectNode models(String id) {
    ObjectNode list = VllmAnswers.models(id);
    ((ObjectNode) list.get("data").get(0)).put("owned_by", "sglang");
    return list;
  }

  /** {@code /generate} with {@code return_logprob}. */
  static ObjectNode generation(ToyModel model, int[] tokens, int size) {
    ObjectNode answer = VllmAnswers.MAPPER.createObjectNode().put("text", " the");
    ObjectNode info = answer.putObject("meta_info");
    info.put("prompt_tokens", tokens.length).putObject("finish_reason").put("type", "length");
    ArrayNode own = info.putArray("input_token_logprobs");
    ArrayNode top = info.putArray("input_top_logprobs");
    own.addArray().addNull().add(tokens[0]).addNull();
    top.addNull();
    for (int i = 0; i + 1 < tokens.length; i++) {
      double[] values = model.after(tokens[i]);
      own.addArray().add((float) values[tokens[i + 1]]).add(tokens[i + 1]).addNull();
      ArrayNode position = top.addArray();
      for (int id : model.top(tokens[i], size)) {
        position.addArray().add((float) values[id]).add(id).addNull();
      }
    }
    return answer;
  }
}
