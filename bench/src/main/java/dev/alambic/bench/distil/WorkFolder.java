package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.corpus.text.Passages;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Everything that the benchmark keeps: the text, its tokenizer, its tokens, models, results. */
record WorkFolder(Path root) {
  private static final List<String> TEXTS =
      List.of("tinyshakespeare/input.txt", "wikitext-2/valid.txt");

  Path tokenizer() {
    return root.resolve("tokenizer");
  }

  Path results() {
    return root.resolve("results.jsonl");
  }

  /** Where a run keeps its checkpoints and leaves its model. */
  Path of(Run run) {
    return root.resolve("runs").resolve(run.name());
  }

  /** The folder of the model that a run made. */
  Path model(Run run) {
    return of(run).resolve("model");
  }

  /** The text, as a run reads it. */
  RunSpec.Data data() {
    return Recipe.text(text(), root.resolve("tokens"));
  }

  private Path text() {
    return root.resolve("text");
  }

  /**
   * Takes in the two texts and learns the vocabulary, unless that is done.
   *
   * @param source the folder that has {@code tinyshakespeare} and {@code wikitext-2} in it
   * @return the digest of the text's tokens
   */
  String prepare(Path source) throws IOException {
    boolean changed = false;
    for (String name : TEXTS) {
      changed |= copy(source.resolve(name), text().resolve(name));
    }
    if (changed || !Files.exists(tokenizer().resolve("tokenizer.json"))) {
      try (Passages passages = Passages.open(text(), DataFormat.Text, "text")) {
        BytePairTrainer.train(passages, Models.VOCABULARY).write(tokenizer());
      }
    }
    try (Tokenizer tokenizer = Tokenizer.load(tokenizer())) {
      return corpus(tokenizer).digest();
    }
  }

  Corpus corpus(Tokenizer tokenizer) {
    return Corpus.open(data(), tokenizer, new Packing(Models.SEQUENCE, Integer.MAX_VALUE, 0));
  }

  /** Keeps the time of the file, which is part of the name under which its tokens are kept. */
  private static boolean copy(Path from, Path to) throws IOException {
    if (!Files.isRegularFile(from)) {
      throw new RunException(ExitCode.NO_INPUT, "--data: " + from + " is not there");
    }
    if (Files.exists(to) && Files.mismatch(from, to) < 0) {
      return false;
    }
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    return true;
  }
}
