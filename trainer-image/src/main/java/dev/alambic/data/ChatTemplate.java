package dev.alambic.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hubspot.jinjava.interpret.RenderResult;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model's family writes a conversation down: the Jinja template of a Hugging Face folder, in
 * {@code chat_template.jinja} or in {@code tokenizer_config.json}.
 */
public final class ChatTemplate {
  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final String template;
  private final Map<String, Object> tokens;

  private ChatTemplate(Path folder, String template, Map<String, Object> tokens) {
    this.folder = folder;
    this.template = JinjaDialect.translate(template);
    this.tokens = tokens;
  }

  /**
   * The template of a folder.
   *
   * @return null if the folder has none
   * @throws RunException DATA if {@code tokenizer_config.json} is damaged
   */
  public static ChatTemplate of(Path folder) {
    try {
      Path config = folder.resolve(CONFIG);
      JsonNode json = JSON.readTree(Files.exists(config) ? Files.readString(config) : "{}");
      Path file = folder.resolve(FILE);
      String template =
          Files.exists(file) ? Files.readString(file) : template(json.path("chat_template"));
      return template == null ? null : new ChatTemplate(folder, template, tokens(json));
    } catch (IOException e) {
      throw TokenizerDescription.damaged(folder.resolve(CONFIG), e);
    }
  }

  /** A text; or of several templates with names the one that is called default. */
  private static String template(JsonNode field) {
    for (JsonNode named : field) {
      if (named.path("name").asText().equals("default")) {
        return named.path("template").textValue();
      }
    }
    return field.textValue();
  }

  /** {@code bos_token} and alike: a text, or an object with the text as its content. */
  private static Map<String, Object> tokens(JsonNode config) {
    Map<String, Object> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      JsonNode token = config.path(name);
      String text = token.isObject() ? token.path("content").textValue() : token.textValue();
      tokens.put(name, text == null ? "" : text);
    }
    return tokens;
  }

  /**
   * The text of a conversation, special tokens written out.
   *
   * @param answering whether the text ends where the model's answer begins
   * @throws RunException DATA if the template refuses the conversation, in its own words
   */
  public String render(List<ChatMessage> messages, boolean answering) {
    Map<String, Object> values = new HashMap<>(tokens);
    values.put("messages", messages.stream().map(ChatMessage::toMap).toList());
    values.put("add_generation_prompt", answering);
    // The library looks for a variable where a template asks whether the function is there.
    values.put("strftime_now", true);
    RenderResult result = JinjaDialect.ENGINE.renderForResult(template, values);
    if (result.hasErrors()) {
      throw new RunException(
          ExitCode.DATA,
          "the chat template of " + folder + ": " + JinjaDialect.reason(result.getErrors().get(0)));
    }
    return result.getOutput();
  }
}
