package dev.alambic.bench.stopping;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.bench.report.Provenance;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.corpus.text.Passages;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs that stop at saturation beside runs that spend their whole budget. */
@Command(
    name = "stopping",
    mixinStandardHelpOptions = true,
    description =
        "What stopping at saturation saves and costs, on real text. Interrupted, it continues where"
            + " it was when started again.")
public final class StoppingCommand implements Callable<Integer> {
  @Option(names = "--data", required = true, description = "File or folder of plain text")
  private Path text;

  @Option(names = "--work", description = "Where runs are kept (default: ${DEFAULT-VALUE})")
  private Path work = Path.of("runs/bench/stopping");

  @Option(names = "--tokens", description = "Budget of each run (default: ${DEFAULT-VALUE})")
  private long tokens = 30_720_000;

  @Option(
      names = "--min-gain",
      description = "Nats per token that 10 %% more tokens must bring (default: ${DEFAULT-VALUE})")
  private double minGain = 0.0015;

  @Option(
      names = "--seeds",
      split = ",",
      description = "Of the small student (default: ${DEFAULT-VALUE})")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  private Tokenizer tokenizer;
  private Corpus corpus;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(work);
    learnVocabulary();
    Torch.start(1);
    tokenizer = Tokenizer.load(work.resolve("tokenizer"));
    corpus =
        Corpus.open(
            StoppingRun.data(work, text),
            tokenizer,
            new Packing(Student.SEQUENCE, Integer.MAX_VALUE, 0));
    StoppingReport report = new StoppingReport(minGain);
    for (long seed : seeds) {
      Progress stopped = run(new StoppingRun(Student.SMALL, seed, SaturationAction.Stop));
      takeUp(seed);
      Progress whole = run(new StoppingRun(Student.SMALL, seed, SaturationAction.Continue));
      report.pair(seed, stopped, whole);
      System.err.print(report.text());
    }
    report.larger(run(new StoppingRun(Student.LARGE, seeds.get(0), SaturationAction.Continue)));
    System.out.println(Provenance.now("bench/run stopping --data DIR").text());
    System.out.print(report.text());
    return 0;
  }

  /** Both runs of a seed are one until the first stops: the second continues from there. */
  private void takeUp(long seed) throws IOException {
    Path stopped = checkpoints(new StoppingRun(Student.SMALL, seed, SaturationAction.Stop));
    Path whole = checkpoints(new StoppingRun(Student.SMALL, seed, SaturationAction.Continue));
    if (!Files.exists(whole)) {
      Files.createDirectories(whole);
      for (Path checkpoint : beforeTheStop(stopped)) {
        copy(checkpoint, whole.resolve(checkpoint.getFileName()));
      }
    }
  }

  private Path checkpoints(StoppingRun run) {
    return Path.of(run.spec(work, text, tokens, minGain).checkpoint().path());
  }

  private static List<Path> beforeTheStop(Path folder) throws IOException {
    List<Path> before = new ArrayList<>();
    try (Stream<Path> checkpoints = Files.list(folder)) {
      for (Path checkpoint : checkpoints.toList()) {
        String state = Files.readString(checkpoint.resolve("state.json"));
        if (!new ObjectMapper().readTree(state).path("run").hasNonNull("cooldownStart")) {
          before.add(checkpoint);
        }
      }
    }
    return before;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private void learnVocabulary() throws IOException {
    if (!Files.exists(work.resolve("tokenizer/tokenizer.json"))) {
      try (Passages passages = Passages.open(text, DataFormat.Text, "text")) {
        BytePairTrainer.train(passages, Student.VOCABULARY).write(work.resolve("tokenizer"));
      }
    }
  }

  private Progress run(StoppingRun run) throws IOException {
    Path done = work.resolve(run.name()).resolve("progress.json");
    if (!Files.exists(done)) {
      Progress end = train(run.spec(work, text, tokens, minGain));
      Files.writeString(done, RunJson.write(end));
    }
    return RunJson.read(Files.readString(done), Progress.class);
  }

  private Progress train(RunSpec spec) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    NDManager manager = Torch.newManager();
    DecoderParameters parameters =
        DecoderParameters.random(
            manager, spec.student().architecture(), spec.training().numerics().seed());
    try (Decoder model =
            new Decoder(
                manager,
                spec.student().architecture(),
                parameters,
                spec.training().numerics().precision());
        Trainer trainer =
            new Trainer(
                spec,
                model,
                new CorpusMaterial(spec, corpus, null, model),
                new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", corpus.digest()))),
                board,
                () -> false)) {
      board.ended(trainer.run(), null);
    }
    return board.latest();
  }
}
