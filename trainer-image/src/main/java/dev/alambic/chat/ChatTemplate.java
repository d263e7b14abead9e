package dev.alambic.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.RenderResult;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.tokenizer.TokenizerDescription;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model family writes a conversation: the Jinja template of a Hugging Face folder, in {@code
 * chat_template.jinja} or in {@code tokenizer_config.json}.
 */
public final class ChatTemplate {
  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";

  private final Path folder;
  private final String template;
  private final Map<String, Object> tokens;
  private final TemplateLimits limits;
  private final Jinjava engine;

  private ChatTemplate(
      Path folder, String template, Map<String, Object> tokens, TemplateLimits limits) {
    this.folder = folder;
    this.tokens = tokens;
    this.limits = limits;
    String objection = limits.objection(template);
    if (objection != null) {
      throw wrong(objection);
    }
    this.template = JinjaDialect.translate(template);
    this.engine = JinjaDialect.engine(limits);
  }

  private RunException wrong(String reason) {
    return new RunException(ExitCode.DATA, "the chat template of " + folder + ": " + reason);
  }

  /**
   * The template of a folder.
   *
   * @return null if the folder has none
   * @throws RunException DATA if a file is damaged or no template
   */
  public static ChatTemplate of(Path folder) {
    return of(folder, TemplateLimits.REAL);
  }

  static ChatTemplate of(Path folder, TemplateLimits limits) {
    JsonNode config = TokenizerDescription.read(folder.resolve(CONFIG));
    Path file = folder.resolve(FILE);
    String template =
        Files.exists(file) ? text(file, limits) : template(config.path("chat_template"));
    return template == null ? null : new ChatTemplate(folder, template, tokens(config), limits);
  }

  private static String text(Path file, TemplateLimits limits) {
    try {
      if (Files.size(Mounted.readable(file)) > 4L * limits.characters()) {
        throw new RunException(ExitCode.DATA, file + ": larger than any template");
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new RunException(ExitCode.DATA, file + ": not UTF-8", e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e, e);
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

  /** {@code bos_token} and similar: a text, or an object with the text as its content. */
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
    RenderTime.start(values, limits.time());
    RenderResult result = rendered(values);
    if (result.hasErrors()) {
      throw wrong(JinjaDialect.reason(result.getErrors()));
    }
    return result.getOutput();
  }

  /** The library descends with the template; what the limits do not count ends here. */
  private RenderResult rendered(Map<String, Object> values) {
    try {
      return engine.renderForResult(template, values);
    } catch (StackOverflowError e) {
      throw wrong(TemplateLimits.TOO_DEEP);
    }
  }
}
