package dev.alambic.main;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.text.Passages;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.BytePairVocabulary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Learns a byte-level BPE vocabulary from a corpus. */
@Command(name = "tokenizer", description = "Learn a byte-level BPE tokenizer.json from text")
final class TokenizerCommand implements Callable<Integer> {
  @Option(names = "--data", required = true, description = "Text: a file or a folder")
  private Path data;

  @Option(names = "--format", description = "Text or JSONLines (default: ${DEFAULT-VALUE})")
  private DataFormat format = DataFormat.Text;

  @Option(names = "--text-field", description = "Of JSON lines (default: ${DEFAULT-VALUE})")
  private String textField = "text";

  @Option(names = "--vocabulary", required = true, description = "Tokens, 257 or more")
  private int vocabulary;

  @Option(names = "--out", required = true, description = "Folder for tokenizer.json")
  private Path out;

  @Override
  public Integer call() {
    try (Passages passages = Passages.open(data, format, textField)) {
      BytePairVocabulary learned = BytePairTrainer.train(passages, vocabulary);
      learned.write(out);
    }
    return 0;
  }
}
