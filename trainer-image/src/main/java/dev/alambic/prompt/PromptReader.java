package dev.alambic.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.chat.ChatMessage;
import dev.alambic.chat.ChatTemplate;
import dev.alambic.corpus.text.BadRecords;
import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.corpus.text.JsonLinesReader;
import dev.alambic.corpus.text.LineReader;
import dev.alambic.failure.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file with one JSON object a line, each a prompt, in the forms of TRL: {@code prompt}, a text or
 * messages, with {@code completion} or without; or {@code messages}, a conversation, whose last
 * message may be the assistant's. ShareGPT's {@code conversations} are messages with other names.
 * Blank lines are skipped.
 */
final class PromptReader implements Closeable {
  private final LineReader lines;
  private final PromptForm form;
  private final BadRecords bad;

  /** Tells why a line is not a prompt. */
  private static final class NoPromptException extends Exception {
    private static final long serialVersionUID = 1L;

    NoPromptException(String reason) {
      super(reason);
    }
  }

  /** A reader that refuses a line that is not a prompt. */
  PromptReader(CorpusFile file, PromptForm form) throws IOException {
    this(file, form, new BadRecords(OnBadRecord.Fail));
  }

  PromptReader(CorpusFile file, PromptForm form, BadRecords bad) throws IOException {
    this.lines = new LineReader(Block.whole(file));
    this.form = form;
    this.bad = bad;
  }

  /**
   * The next prompt, or null after the last.
   *
   * @throws RunException DATA with file, line and reason if the line is not a prompt and that is
   *     not to be skipped, or if no line could be one
   */
  Prompt next() throws IOException {
    for (String json = lines.next(); json != null; json = lines.next()) {
      ObjectNode node = json.isBlank() ? null : parse(json);
      if (node == null) {
        continue;
      }
      try {
        Prompt prompt = prompt(node);
        bad.good();
        return prompt;
      } catch (NoPromptException e) {
        bad.withoutText(lines.refuse(e.getMessage()));
      }
    }
    return null;
  }

  /** Which line the last prompt was in. */
  long line() {
    return lines.number();
  }

  /** The object on a line, or null if there is none and that is let be. */
  private ObjectNode parse(String json) {
    try {
      ObjectNode node = PromptFields.read(json);
      if (node == null) {
        bad.withoutText(lines.refuse("not a JSON object"));
      }
      return node;
    } catch (JsonProcessingException e) {
      String reason = JsonLinesReader.firstLine(e.getOriginalMessage());
      bad.noRecord(lines.refuse("not JSON: " + reason));
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private Prompt prompt(ObjectNode node) throws NoPromptException {
    if (node.has("messages")) {
      return conversation(messages(node, "messages"));
    }
    if (node.has("conversations")) {
      return conversation(messages(node, "conversations"));
    }
    if (!node.has("prompt")) {
      throw new NoPromptException("no field \"prompt\" or \"messages\"");
    }
    if (node.path("prompt").isArray()) {
      List<ChatMessage> asked = messages(node, "prompt");
      boolean answered = node.hasNonNull("completion");
      return answered ? conversation(asked, completion(node)) : conversation(asked, List.of());
    }
    String completion = node.hasNonNull("completion") ? text(node, "completion") : null;
    return prompt(text(node, "prompt"), completion);
  }

  /** A completion to a prompt of messages: messages too, or the assistant's text. */
  private static List<ChatMessage> completion(ObjectNode node) throws NoPromptException {
    return node.path("completion").isArray()
        ? messages(node, "completion")
        : List.of(new ChatMessage(ChatMessage.ASSISTANT, text(node, "completion")));
  }

  private static String text(JsonNode node, String field) throws NoPromptException {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new NoPromptException("field \"" + field + "\" is not a string");
    }
    return value.textValue();
  }

  private static List<ChatMessage> messages(ObjectNode node, String field)
      throws NoPromptException {
    JsonNode array = node.path(field);
    if (!array.isArray() || array.isEmpty()) {
      throw new NoPromptException("field \"" + field + "\" is not a list of messages");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : array) {
      messages.add(message(message));
    }
    return messages;
  }

  private static ChatMessage message(JsonNode message) throws NoPromptException {
    return message.has("from") && !message.has("role")
        ? new ChatMessage(ChatMessage.roleOf(text(message, "from")), text(message, "value"))
        : new ChatMessage(text(message, "role"), text(message, "content"));
  }

  private Prompt conversation(List<ChatMessage> messages) throws NoPromptException {
    int last = messages.size() - 1;
    if (!messages.get(last).isAnswer()) {
      return conversation(messages, List.of());
    }
    if (last == 0) {
      throw new NoPromptException("messages: nothing is asked before the assistant's message");
    }
    return conversation(messages.subList(0, last), messages.subList(last, last + 1));
  }

  private Prompt conversation(List<ChatMessage> asked, List<ChatMessage> answer)
      throws NoPromptException {
    ChatTemplate template = form.template();
    if (template == null) {
      throw lines.refuse(
          "messages need a chat template, which the tokenizer's folder doesn't have: add"
              + " chat_template.jinja to it, or write prompt");
    }
    List<ChatMessage> all = new ArrayList<>(asked);
    all.addAll(answer);
    String question;
    String whole;
    try {
      question = template.render(asked, true);
      whole = answer.isEmpty() ? null : template.render(all, false);
    } catch (RunException e) {
      throw new NoPromptException(e.getMessage());
    }
    return prompt(question, whole == null ? null : answer(whole, question));
  }

  private static String answer(String whole, String asked) throws NoPromptException {
    if (!whole.startsWith(asked)) {
      throw new NoPromptException(
          "messages: the chat template writes the question differently once it is answered, so"
              + " that the answer's beginning isn't known: write prompt and completion");
    }
    return whole.substring(asked.length());
  }

  private Prompt prompt(String text, String completion) throws NoPromptException {
    int[] tokens = form.tokenizer().encodeText(text);
    if (tokens.length == 0) {
      throw new NoPromptException("the prompt is empty");
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
