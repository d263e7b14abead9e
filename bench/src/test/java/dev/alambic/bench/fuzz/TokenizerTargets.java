package dev.alambic.bench.fuzz;

import dev.alambic.chat.ChatMessage;
import dev.alambic.chat.ChatTemplate;
import dev.alambic.corpus.text.Passage;
import dev.alambic.failure.RunException;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a tokenizer, chat templates among them. */
final class TokenizerTargets {
  static final String TEXT = "to be, or not to be, that is the question: whether 'tis nobler\n";

  private static final List<ChatMessage> CONVERSATION =
      List.of(
          new ChatMessage("system", "Be brief."),
          new ChatMessage("user", "Is it? \n"),
          new ChatMessage("assistant", "Yes"));
  private static final List<String> JSON =
      Seeds.json(
          "\"id\":¦65536¦\"type\":\"TemplateProcessing\"¦\"type\":\"Sequence\"¦\"Unigram\"¦\"WordPiece\""
              + "¦\"Regex\":\"a+$\"¦\"vocab\":[¦\"model\":{¦\"added_tokens\":[");
  private static final List<String> JINJA =
      Seeds.words(
          "{{ ¦ }}¦{% ¦ %}¦{#¦#}¦{% for i in range(9) %}¦{% endfor %}¦{% for m in messages %}"
              + "¦{% set x = 'a' ~ 'b' %}¦{% set x = [1, 2] %}¦{% macro m() %}¦{{ m() }}¦{% endmacro %}"
              + "¦{% endif %}¦{% if ¦{{ 'a' * 3 }}¦{{ 2 ** 3 }}¦|center(9)¦|indent(4)"
              + "¦|replace('a', 'b')¦|tojson¦|format(1)¦|join(',')¦{{ '%9d'|format(1) }}"
              + "¦namespace(x=0)¦not x is defined¦{% generation %}¦raise_exception('no')¦[::-1]"
              + "¦messages[0]['content']¦{% include 'other.jinja' %}¦{% import 'x' as x %}"
              + "¦{% raw %}¦{{ x.__class__ }}¦.split('b')¦.format(x)¦range(0, 9, 1)");

  private TokenizerTargets() {}

  static List<Target> of(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder);
    Path other = folder.resolve("configured");
    write(other);
    byte[] ours = Files.readAllBytes(folder.resolve("tokenizer.json"));
    byte[] config = Files.readAllBytes(folder.resolve("tokenizer_config.json"));
    List<byte[]> tokenizers =
        List.of(ours, Seeds.resource("bpe-tokenizer.json"), Seeds.resource("unigram.json"));
    List<byte[]> configs = List.of(config, Seeds.resource("llama-tokenizer-config.json"));
    List<byte[]> templates = List.of(Seeds.resource("gemma.jinja"), Seeds.resource("qwen.jinja"));
    return List.of(
        Target.of("tokenizer.json", tokenizers, JSON, RunException.class, in -> load(folder, in))
            .dear(4),
        Target.of(
                "tokenizer_config.json",
                configs,
                JSON,
                RunException.class,
                in -> {
                  Files.write(other.resolve("tokenizer_config.json"), in);
                  Tokenizer.load(other).close();
                  render(other);
                })
            .dear(4),
        Target.of(
            "chat_template.jinja",
            templates,
            JINJA,
            RunException.class,
            in -> {
              Path template = folder.resolve("template");
              Files.createDirectories(template);
              Files.write(template.resolve("chat_template.jinja"), in);
              render(template);
            }));
  }

  private static void load(Path folder, byte[] input) throws IOException {
    Files.write(folder.resolve("tokenizer.json"), input);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      tokenizer.decode(tokenizer.encodeText(TEXT));
    }
  }

  private static void render(Path folder) {
    ChatTemplate template = ChatTemplate.of(folder);
    if (template != null) {
      template.render(CONVERSATION, false);
    }
  }

  /** A small tokenizer of our own. */
  static void write(Path folder) {
    Passage passage = new Passage("text", 0, false, TEXT);
    BytePairTrainer.train(List.of(passage).iterator(), 300).write(folder);
  }
}
