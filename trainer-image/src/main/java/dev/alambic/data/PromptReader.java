package dev.alambic.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alambic.run.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file with one JSON object a line, each a prompt: {@code prompt}, a text, with {@code
 * completion} or without; or {@code messages}, a conversation, whose last message may be the
 * assistant's. Blank lines are skipped.
 */
final class PromptReader implements Closeable {
  private final LineReader lines;
  private final PromptForm form;

  PromptReader(CorpusFile file, PromptForm form) throws IOException {
    this.lines = new LineReader(Block.whole(file));
    this.form = form;
  }

  /**
   * The next prompt, or null after the last.
   *
   * @throws RunException DATA with file, line and reason if the line is no prompt
   */
  Prompt next() throws IOException {
    for (String json = lines.next(); json != null; json = lines.next()) {
      if (!json.isBlank()) {
        return prompt(parse(json));
      }
    }
    return null;
  }

  /** Which line the last prompt was in, counted from 0. */
  long line() {
    return lines.number();
  }

  private JsonNode parse(String json) {
    try {
      return PromptFields.read(json);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage();
      throw lines.refuse("not JSON: " + reason.lines().findFirst().orElse(reason));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private Prompt prompt(JsonNode node) {
    if (node == null) {
      throw lines.refuse("not a JSON object");
    }
    if (node.has("messages")) {
      return conversation(messages(node.get("messages")));
    }
    if (!node.has("prompt")) {
      throw lines.refuse("no field \"prompt\" or \"messages\"");
    }
    String completion = node.hasNonNull("completion") ? text(node, "completion") : null;
    return prompt(text(node, "prompt"), completion);
  }

  private String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw lines.refuse("field \"" + field + "\" is not a string");
    }
    return value.textValue();
  }

  private List<ChatMessage> messages(JsonNode array) {
    if (!array.isArray() || array.isEmpty()) {
      throw lines.refuse("field \"messages\" is not a list of messages");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : array) {
      messages.add(new ChatMessage(text(message, "role"), text(message, "content")));
    }
    return messages;
  }

  private Prompt conversation(List<ChatMessage> messages) {
    if (form.template() == null) {
      throw lines.refuse(
          "messages need a chat template, which the tokenizer's folder doesn't have: add"
              + " chat_template.jinja to it, or write prompt");
    }
    int last = messages.size() - 1;
    boolean answered = messages.get(last).isAnswer();
    if (answered && last == 0) {
      throw lines.refuse("messages: nothing is asked before the assistant's message");
    }
    try {
      String asked = form.template().render(answered ? messages.subList(0, last) : messages, true);
      return prompt(
          asked, answered ? answer(form.template().render(messages, false), asked) : null);
    } catch (RunException e) {
      throw lines.refuse(e.getMessage());
    }
  }

  private String answer(String whole, String asked) {
    if (!whole.startsWith(asked)) {
      throw lines.refuse(
          "messages: the chat template writes the question differently once it is answered, so"
              + " that the answer's beginning isn't known: write prompt and completion");
    }
    return whole.substring(asked.length());
  }

  private Prompt prompt(String text, String completion) {
    int[] tokens = form.tokenizer().encodeText(text);
    if (tokens.length == 0) {
      throw lines.refuse("the prompt is empty");
    }
    if (completion != null) {
      return answered(tokens, text, completion);
    }
    if (form.answered()) {
      throw lines.refuse(
          "no completion, of which rollout.onPolicyFraction under 1 needs one for each prompt");
    }
    return new Prompt(tokens, null);
  }

  /**
   * Prompt and answer have the tokens of the text that they are together, as in TRL's {@code
   * SFTTrainer}; the answer begins where the prompt's own tokens end, or with the token that goes
   * over that place.
   */
  private Prompt answered(int[] prompt, String text, String completion) {
    int[] whole = form.tokenizer().encodeText(text + completion);
    int difference = Arrays.mismatch(prompt, whole);
    int end = difference < 0 ? whole.length : difference;
    if (end == 0) {
      return new Prompt(prompt, ended(form.tokenizer().encode(completion)));
    }
    return new Prompt(
        Arrays.copyOf(whole, end), ended(Arrays.copyOfRange(whole, end, whole.length)));
  }

  /** Up to the first end token; with one, where there is none. */
  private int[] ended(int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      if (form.end().contains(tokens[i])) {
        return Arrays.copyOf(tokens, i + 1);
      }
    }
    int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
    ended[tokens.length] = form.tokenizer().endOfText();
    return ended;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
