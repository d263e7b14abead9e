package dev.alambic.bench.fuzz;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.corpus.Packing;
import dev.alambic.corpus.text.Passages;
import dev.alambic.failure.RunException;
import dev.alambic.prompt.PromptForm;
import dev.alambic.prompt.Prompts;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.Tokenizer;
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

  /** Bytes of an entry of the index. */
  private static final int ENTRY = 48;

  private static final List<String> TEXT =
      List.of("\n", "\r\n", "\0", "\uFEFF", "\u2028", "é", "🙂", "<|endoftext|>", " ", "\t");
  private static final List<String> JSON =
      Seeds.json(
          "\n¦\"text\":¦\"prompt\":¦\"completion\":¦\"messages\":[¦{\"role\":\"assistant\",\"content\":");

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

  /** With a damaged index tokens are made again: nothing is refused. */
  private static Target tokens(Path folder, Tokenizer tokenizer) throws IOException {
    Path text = folder.resolve("corpus.txt");
    Files.writeString(text, TokenizerTargets.TEXT.repeat(400));
    RunSpec.Data data = data(text, DataFormat.Text, folder.resolve("cache"));
    Packing packing = new Packing(SEQUENCE, 1, 0);
    Corpus.open(data, tokenizer, packing);
    Path kept;
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      kept = files.filter(f -> f.toString().endsWith(".index")).findFirst().orElseThrow();
    }
    return Target.of(
            "tokens",
            List.of(Files.readAllBytes(kept)),
            List.of("\0\0\0\0", "\377\377\377\377"),
            RunException.class,
            in -> {
              Files.write(kept, in);
              PackedSequences train = Corpus.open(data, tokenizer, packing).sample();
              train.sequence(train.count() - 1);
            })
        .sealedBy(DataTargets::seal)
        .dear(4);
  }

  /** Each entry of the index ends with its checksum. */
  private static byte[] seal(byte[] input) {
    ByteBuffer bytes = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + ENTRY <= input.length; at += ENTRY) {
      CRC32C checksum = new CRC32C();
      checksum.update(input, at, ENTRY - Integer.BYTES);
      bytes.putInt(at + ENTRY - Integer.BYTES, (int) checksum.getValue());
    }
    return input;
  }

  private static RunSpec.Data data(Path path, DataFormat format, Path cache) {
    return new RunSpec.Data(path.toString(), format, "text", null, cache.toString(), null);
  }
}
