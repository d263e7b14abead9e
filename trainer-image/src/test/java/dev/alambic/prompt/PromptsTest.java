package dev.alambic.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.chat.ChatTemplate;
import dev.alambic.corpus.Texts;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptsTest {
  private static final int LONGEST = 100;

  @TempDir private Path folder;
  private Tokenizer tokenizer;

  @BeforeEach
  void learnVocabulary() {
    BytePairTrainer.train(Texts.passages(List.of(Texts.prose(new Random(1), 2000))), 512)
        .write(folder.resolve("model"));
    tokenizer = Tokenizer.load(folder.resolve("model"));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private Prompts read(boolean answered, String... lines) throws IOException {
    return read(OnBadRecord.Fail, answered, lines);
  }

  private Prompts read(OnBadRecord onBadRecord, boolean answered, String... lines)
      throws IOException {
    Path file = folder.resolve("prompts.jsonl");
    Files.writeString(file, String.join("\n", lines) + "\n");
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.writeString(heldOut, "{\"prompt\": \"What?\", \"completion\": \"That\"}");
    RunSpec.Data data =
        new RunSpec.Data(
            file.toString(), DataFormat.JSONLines, "text", heldOut.toString(), "none", onBadRecord);
    return Prompts.open(data, form(answered), LONGEST);
  }

  private PromptForm form(boolean answered) throws IOException {
    Path chat = Files.createDirectories(folder.resolve("chat"));
    Files.writeString(
        chat.resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}");
    int lineBreak = tokenizer.encode("\n")[0];
    Set<Integer> end = Set.of(tokenizer.endOfText(), lineBreak);
    return new PromptForm(tokenizer, ChatTemplate.of(chat), end, answered);
  }

  @Test
  void promptsWithAnswersAndWithout() throws IOException {
    List<Prompt> prompts =
        read(
                false,
                "{\"prompt\": \"Say it\", \"id\": 7}",
                "",
                "{\"prompt\": \"Say it\", \"completion\": \"So\"}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Say it\"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Say it\"},"
                    + " {\"role\": \"assistant\", \"content\": \"So\"}]}")
            .train();
    assertThat(prompts).hasSize(4);
    assertThat(tokenizer.decode(prompts.get(0).tokens())).isEqualTo("Say it");
    assertThat(prompts.get(0).completion()).isNull();
    int[] completion = prompts.get(1).completion();
    assertThat(completion[completion.length - 1]).isEqualTo(tokenizer.endOfText());
    assertThat(tokenizer.decode(prompts.get(2).tokens())).isEqualTo("user: Say it\nassistant: ");
    assertThat(prompts.get(2).completion()).isNull();
    assertThat(prompts.get(3).tokens()).isEqualTo(prompts.get(2).tokens());
    assertThat(tokenizer.decode(prompts.get(3).completion())).isEqualTo("So\n");
  }

  /** As the text that they are together: "x" is another token before " y" than at an end. */
  @Test
  void promptAndAnswerHaveTheTokensOfTheWholeText() throws IOException {
    for (int seed = 0; seed < 30; seed++) {
      String text = Texts.prose(new Random(seed), 20);
      int at = 1 + new Random(seed).nextInt(text.length() - 2);
      String line =
          "{\"prompt\": \"%s\", \"completion\": \"%s\"}"
              .formatted(text.substring(0, at), text.substring(at))
              .replace("\n", "\\n");
      Prompt prompt = read(false, line).train().get(0);
      int[] completion = Arrays.copyOf(prompt.completion(), prompt.completion().length - 1);
      int[] joined =
          IntStream.concat(Arrays.stream(prompt.tokens()), Arrays.stream(completion)).toArray();
      int[] whole = tokenizer.encodeText(text);
      assertThat(joined).isEqualTo(Arrays.copyOf(whole, joined.length));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          [1] | not a JSON object
          {"text": "a"} | no field "prompt" or "messages"
          {"prompt": 1} | field "prompt" is not a string
          {"prompt": ""} | the prompt is empty
          {"prompt": "a", "completion": []} | field "completion" is not a string
          {"messages": []} | field "messages" is not a list of messages
          {"messages": [{"role": "user"}]} | field "content" is not a string
          {"messages": [{"role": "user", "content": [{"type": "image"}]}]} | field "content" is not a string
          {"conversations": [{"from": "gpt", "value": "a"}]} | messages: nothing is asked before
          {"prompt": []} | field "prompt" is not a list of messages
          {"messages": [{"role": "assistant", "content": "a"}]} | messages: nothing is asked before
          {"prompt": "a"} {"prompt": "b"} | not JSON:
          {"prompt" | not JSON:
          """)
  void whatIsNoPromptIsRefusedWithItsLine(String line, String reason) {
    assertThatThrownBy(() -> read(false, "{\"prompt\": \"a\"}", "", line))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(folder.resolve("prompts.jsonl") + ":3: " + reason);
  }

  private static String lines(Prompt prompt, Tokenizer tokenizer) {
    String completion = prompt.completion() == null ? "" : tokenizer.decode(prompt.completion());
    return tokenizer.decode(prompt.tokens()) + "|" + completion;
  }

  /** TRL's and ShareGPT's ways to write one and the same prompt. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages': [{'role': 'user', 'content': 'Say it'}, {'role': 'assistant', 'content': 'So'}]}",
        "{'prompt': [{'role': 'user', 'content': 'Say it'}], 'completion': [{'role': 'assistant', 'content': 'So'}]}",
        "{'prompt': [{'role': 'user', 'content': 'Say it'}], 'completion': 'So'}",
        "{'conversations': [{'from': 'human', 'value': 'Say it'}, {'from': 'gpt', 'value': 'So'}]}",
        "{'conversations': [{'role': 'user', 'content': 'Say it'}, {'role': 'assistant', 'content': 'So'}]}",
        "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'Say '}, 'it']}, {'role': 'assistant', 'content': [{'text': 'So', 'type': 'text', 'x': [1]}]}], 'score': NaN}"
      })
  void everyFormOfAPromptIsRead(String line) throws IOException {
    Prompt prompt = read(false, line.replace('\'', '"')).train().get(0);
    assertThat(lines(prompt, tokenizer)).isEqualTo("user: Say it\nassistant: |So\n");
  }

  @Test
  void aPromptOfMessagesNeedsNoCompletion() throws IOException {
    String line = "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say it\"}]}";
    assertThat(lines(read(false, line).train().get(0), tokenizer))
        .isEqualTo("user: Say it\nassistant: |");
  }

  @Test
  void linesWithoutAPromptAreSkippedUnlessTheyAreNoJson() throws IOException {
    String[] lines = {
      "{\"prompt\": \"a\"}", "{\"prompt\": null}", "{\"prompt\": \"b\"}", "{\"text\": 1}"
    };
    assertThat(read(null, false, lines).train()).hasSize(2);
    assertThatThrownBy(() -> read(null, false, "{\"prompt\": \"a\"}", "no JSON"))
        .hasMessageContaining(":2: not JSON");
    assertThat(read(OnBadRecord.Skip, false, "{\"prompt\": \"a\"}", "no JSON").train()).hasSize(1);
    assertThatThrownBy(() -> read(null, false, "{\"question\": \"a\"}"))
        .hasMessageStartingWith("1 of 1 records have no text");
  }

  @Test
  void aMixNeedsAnAnswerToEachPrompt() {
    assertThatThrownBy(() -> read(true, "{\"prompt\": \"a\"}"))
        .hasMessageStartingWith(folder.resolve("prompts.jsonl") + ":1: no completion, of which");
  }

  @Test
  void messagesNeedATemplate() throws IOException {
    Path file = folder.resolve("chat.jsonl");
    Files.writeString(file, "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");
    RunSpec.Data data =
        new RunSpec.Data(file.toString(), DataFormat.JSONLines, "text", null, "none", null);
    PromptForm form = new PromptForm(tokenizer, null, Set.of(), false);
    assertThatThrownBy(() -> Prompts.open(data, form, LONGEST))
        .hasMessageStartingWith(file + ":1: messages need a chat template");
  }

  @Test
  void oneInTwentyIsHeldOutAndWhatLeavesNoRoomIsLeftOut() throws IOException {
    Path file = folder.resolve("many.jsonl");
    String many =
        IntStream.range(0, 400)
            .mapToObj(i -> "{\"prompt\": \"" + (i % 10 == 0 ? "x ".repeat(200) : "p" + i) + "\"}")
            .collect(Collectors.joining("\n"));
    Files.writeString(file, many);
    RunSpec.Data data =
        new RunSpec.Data(file.toString(), DataFormat.JSONLines, "text", null, "none", null);
    PromptForm form = new PromptForm(tokenizer, null, Set.of(), false);
    Prompts prompts = Prompts.open(data, form, LONGEST);
    assertThat(prompts.train().size() + prompts.heldOut().size()).isEqualTo(360);
    assertThat(prompts.heldOut()).hasSizeBetween(8, 30);
    assertThat(Prompts.open(data, form, LONGEST).digest()).isEqualTo(prompts.digest());
    assertThatThrownBy(() -> Prompts.open(data, form, 0))
        .hasMessage(
            "%s: 0 prompts of at most 0 tokens, and 0 held out: give at least one of each", file);
  }

  /** As a tree such a line takes hundreds of times its bytes. */
  @Test
  void aLineOfCountlessMessagesIsRefused() {
    String line = "{\"messages\": [" + "{},".repeat(1_000_000) + "{}]}";
    assertThatThrownBy(() -> read(false, line))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(":1: ")
        .hasMessageContaining("more than 10000 messages");
  }

  @Test
  void otherFieldsOfALineAreGoneOver() throws IOException {
    String line = "{\"x\": [[{\"prompt\": 1}]], \"prompt\": \"Who?\", \"completion\": null}";
    assertThat(read(false, line).train()).hasSize(1);
  }
}
