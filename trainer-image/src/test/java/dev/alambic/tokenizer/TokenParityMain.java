package dev.alambic.tokenizer;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.CorpusReading;
import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.run.RunSpec;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packs the documents of {@code FOLDER/documents.jsonl} and the texts of {@code FOLDER/texts} with
 * each tokenizer of {@code FOLDER/tokenizers}, for e2e/parity to hold them against transformers.
 * Writes {@code documents.ids} and {@code texts.ids}, big-endian, beside each.
 */
final class TokenParityMain {
  private TokenParityMain() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (Stream<Path> tokenizers = Files.list(folder.resolve("tokenizers"))) {
      for (Path of : tokenizers.sorted().toList()) {
        try (Tokenizer tokenizer = Tokenizer.load(of)) {
          Path documents = folder.resolve("documents.jsonl");
          write(of.resolve("documents.ids"), documents, DataFormat.JSONLines, tokenizer);
          write(of.resolve("texts.ids"), folder.resolve("texts"), DataFormat.Text, tokenizer);
        }
      }
    }
  }

  private static void write(Path out, Path text, DataFormat format, Tokenizer tokenizer)
      throws IOException {
    RunSpec.Data data = new RunSpec.Data(text.toString(), format, "text", null, "unused", null);
    List<Block> blocks = CorpusFile.list(text).stream().map(Block::whole).toList();
    int[] tokens =
        new CorpusReading(data, tokenizer).tokens(blocks, passage -> true, () -> {}).tokens();
    try (DataOutputStream stream =
        new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(out)))) {
      for (int token : tokens) {
        stream.writeInt(token);
      }
    }
  }
}
