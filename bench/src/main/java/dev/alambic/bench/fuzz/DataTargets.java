package dev.alambic.bench.fuzz;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.data.Corpus;
import dev.alambic.data.Passages;
import dev.alambic.data.PromptForm;
import dev.alambic.data.Prompts;
import dev.alambic.data.Tokenizer;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Text, JSON lines, prompts, and tokens that were kept. */
final class DataTargets {
  private static final int SEQUENCE = 16;
  private static final int HEADER = 128;
  private static final List<String> TEXT =
      List.of("\n", "\r\n", "\0", "\uFEFF", "\u2028", "é", "🙂", "<|endoftext|>", " ", "\t");
  private static final List<String> JSON =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "\n",
          "null",
          "\\u0000",
          "\\ud800",
          "\"text\":",
          "\"prompt\":",
          "\"completion\":",
          "\"messages\":[",
          "{\"role\":\"assistant\",\"content\":");

  private DataTargets() {}

  static List<Target> of(Path folder) throws IOException {
    TokenizerTargets.write(Files.createDirectories(folder));
    Files.write(folder.resolve("chat_template.jinja"), Seeds.resource("gemma.jinja"));
    Tokenizer tokenizer = Tokenizer.load(folder);
    PromptForm form = PromptForm.of(folder, folder, tokenizer, false);
    Path file = folder.resolve("input");
    return List.of(
        Target.of(
            "text",
            List.of(Seeds.text(TokenizerTargets.TEXT.repeat(300))),
            TEXT,
            RunException.class,
            in -> passages(file, DataFormat.Text, in)),
        Target.of(
            "JSON lines",
            List.of(Seeds.resource("documents.jsonl")),
            JSON,
            RunException.class,
            in -> passages(file, DataFormat.JSONLines, in)),
        Target.of(
                "prompts",
                List.of(Seeds.resource("prompts.jsonl")),
                JSON,
                RunException.class,
                in -> {
                  Files.write(file, in);
                  Prompts.open(data(file, DataFormat.JSONLines, folder), form, 64);
                })
            .dear(2),
        tokens(folder, tokenizer));
  }

  private static void passages(Path file, DataFormat format, byte[] input) throws IOException {
    Files.write(file, input);
    try (Passages passages = Passages.open(file, format, "text")) {
      while (passages.hasNext()) {
        passages.next();
      }
    }
  }

  /** A damaged file of tokens is made anew: nothing is refused. */
  private static Target tokens(Path folder, Tokenizer tokenizer) throws IOException {
    Path text = folder.resolve("corpus.txt");
    Files.writeString(text, TokenizerTargets.TEXT.repeat(400));
    RunSpec.Data data = data(text, DataFormat.Text, folder.resolve("cache"));
    Corpus.open(data, tokenizer, SEQUENCE);
    Path kept;
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      kept = files.findFirst().orElseThrow();
    }
    return Target.of(
            "tokens",
            List.of(Files.readAllBytes(kept)),
            List.of("AMBCTOK1", "\0\0\0\0"),
            RunException.class,
            in -> {
              Files.write(kept, in);
              Corpus corpus = Corpus.open(data, tokenizer, SEQUENCE);
              corpus.train().sequence(corpus.train().count() - 1);
            })
        .sealedBy(DataTargets::seal)
        .dear(4);
  }

  private static byte[] seal(byte[] input) {
    if (input.length >= HEADER) {
      CRC32C checksum = new CRC32C();
      checksum.update(input, 0, HEADER - Integer.BYTES);
      ByteBuffer.wrap(input)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(HEADER - Integer.BYTES, (int) checksum.getValue());
    }
    return input;
  }

  private static RunSpec.Data data(Path path, DataFormat format, Path cache) {
    return new RunSpec.Data(path.toString(), format, "text", null, cache.toString());
  }
}
