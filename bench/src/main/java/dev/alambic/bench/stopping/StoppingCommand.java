package dev.alambic.bench.stopping;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.stopping.StoppingRun.Student;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.corpus.text.Passages;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs that stop at saturation beside runs that spend their whole budget. */
@Command(
    name = "stopping",
    description =
        "What stopping at saturation saves and costs, on real text. Interrupted, it continues where"
            + " it was when started again.")
public final class StoppingCommand extends Benchmark {
  @Option(names = "--data", required = true, description = "File or folder of plain text")
  private Path text;

  @Option(names = "--work", description = "Where runs are kept")
  private Path work = Path.of("runs/bench/stopping");

  @Option(names = "--tokens", description = "Budget of each run")
  private long tokens = 30_720_000;

  @Option(names = "--min-gain", description = "Nats per token that 10 %% more tokens must bring")
  private double minGain = 0.0015;

  @Option(names = "--seeds", split = ",", description = "Of the small student")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  private RunSpec.Data data;
  private Corpus corpus;

  @Override
  protected String measure() throws IOException {
    Files.createDirectories(work);
    learnVocabulary();
    Torch.start(1);
    data = Recipe.text(text, work.resolve("tokens"));
    StoppingReport report = new StoppingReport(minGain);
    try (Tokenizer tokenizer = Tokenizer.load(work.resolve("tokenizer"))) {
      Packing packing = new Packing(StoppingRun.SEQUENCE, Integer.MAX_VALUE, 0);
      corpus = Corpus.open(data, tokenizer, packing);
      for (long seed : seeds) {
        StoppingRun stops = new StoppingRun(Student.SMALL, seed, SaturationAction.Stop);
        StoppingRun goesOn = new StoppingRun(Student.SMALL, seed, SaturationAction.Continue);
        Progress stopped = run(stops);
        takeUp(checkpoints(stops), checkpoints(goesOn));
        report.pair(seed, stopped, run(goesOn));
        System.err.print(report.text());
      }
      report.whole(run(new StoppingRun(Student.LARGE, seeds.get(0), SaturationAction.Continue)));
    }
    return report.text();
  }

  private void learnVocabulary() throws IOException {
    if (!Files.exists(work.resolve("tokenizer/tokenizer.json"))) {
      try (Passages passages = Passages.open(text, DataFormat.Text, "text")) {
        BytePairTrainer.train(passages, StoppingRun.VOCABULARY).write(work.resolve("tokenizer"));
      }
    }
  }

  private Path checkpoints(StoppingRun run) {
    return Path.of(run.spec(work, data, tokens, minGain).checkpoint().path());
  }

  /** Both runs of a seed are one until the first stops: the second continues from there. */
  private static void takeUp(Path stopped, Path whole) throws IOException {
    if (Files.exists(whole)) {
      return;
    }
    Files.createDirectories(whole);
    try (Stream<Path> checkpoints = Files.list(stopped)) {
      for (Path checkpoint : checkpoints.toList()) {
        String state = Files.readString(checkpoint.resolve("state.json"));
        if (!new ObjectMapper().readTree(state).path("run").hasNonNull("cooldownStart")) {
          copy(checkpoint, whole.resolve(checkpoint.getFileName()));
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private Progress run(StoppingRun run) throws IOException {
    Path done = work.resolve(run.name()).resolve("progress.json");
    if (!Files.exists(done)) {
      RunSpec spec = run.spec(work, data, tokens, minGain);
      try (Decoder student = Recipe.random(spec)) {
        CorpusMaterial material = new CorpusMaterial(spec, corpus, null, student);
        Progress end = Recipe.train(spec, student, material, () -> false);
        Files.writeString(done, RunJson.write(end));
      }
    }
    return RunJson.read(Files.readString(done), Progress.class);
  }
}
