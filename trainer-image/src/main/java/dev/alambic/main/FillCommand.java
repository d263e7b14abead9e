package dev.alambic.main;

import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CachedSignals;
import dev.alambic.feed.Fill;
import dev.alambic.feed.RunSequences;
import dev.alambic.feed.SignalSource;
import dev.alambic.http.StatusServer;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.progress.FillMetrics;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.tokenizer.SharedIds;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Fills one shard of a run's signal cache: the first half of a run in mode Offline. */
@Command(name = "fill", description = "Fill one shard of a run's signal cache from its teacher")
final class FillCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private SpecOption specOption;

  @Option(
      names = "--shard",
      required = true,
      defaultValue = "${env:JOB_COMPLETION_INDEX}",
      description = "Number of the shard, from 0 (default: the index of the pod in its Job)")
  private int shard;

  @Option(names = "--shards", required = true, description = "Number of shards")
  private int shards;

  @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE})")
  private int port = 8080;

  @Option(names = "--termination-message", description = "Where the last progress is written")
  private Path terminationMessage;

  private final AtomicLong done = new AtomicLong();
  private final AtomicLong count = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    RunSpec spec = specOption.read();
    requireShard(spec);
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    try (PodMetrics metrics = new PodMetrics();
        StatusServer server = serve(board, metrics)) {
      boolean all = fill(spec, board);
      board.ended(all ? State.Complete : State.Suspended, null);
      return (all ? ExitCode.COMPLETE : ExitCode.TRY_AGAIN).code();
    } catch (Exception e) {
      board.ended(State.Failed, FailureReport.message(e));
      throw e;
    } finally {
      report(board);
    }
  }

  private void requireShard(RunSpec spec) {
    if (shards < 1 || shard < 0 || shard >= shards) {
      throw new RunException(
          ExitCode.USAGE,
          "--shard: %d is not from 0 to --shards %d less 1".formatted(shard, shards));
    }
    if (spec.teacher() == null || spec.signal().cachePath() == null) {
      throw new RunException(
          ExitCode.USAGE, "--spec: the run has no teacher or no signal cache: nothing to fill");
    }
  }

  private StatusServer serve(ProgressBoard board, PodMetrics metrics) {
    FillMetrics.bind(metrics.registry(), count::get, done::get);
    return metrics
        .on(new StatusServer(port))
        .serve("/progress", "application/json", () -> true, () -> RunJson.write(board.latest()))
        .serve("/readyz", "text/plain", () -> true, () -> "")
        .start();
  }

  private boolean fill(RunSpec spec, ProgressBoard board) {
    board.preparing("starting the engine");
    Torch.start(spec.threads());
    board.preparing("reading " + spec.data().path());
    Path tokenizerFolder = Path.of(spec.student().tokenizerPath());
    try (Tokenizer tokenizer = Tokenizer.load(tokenizerFolder)) {
      SharedVocabulary.requireAgreement(tokenizerFolder, tokenizer);
      Corpus corpus = Corpus.open(spec.data(), tokenizer, Packing.of(spec));
      board.preparing("loading the teacher " + spec.teacher().modelPath());
      Path folder = Path.of(spec.teacher().modelPath());
      Decoder decoder =
          Decoder.frozen(
              Torch.newManager(), ModelFolder.read(folder), spec.training().numerics().precision());
      Fingerprint fingerprint = TeacherLink.fingerprintOf(spec);
      try (DecoderScorer scorer = new DecoderScorer(decoder, fingerprint.model());
          CachedSignals signals = cached(spec, fingerprint, scorer)) {
        return fill(spec, corpus, signals, board);
      }
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static CachedSignals cached(RunSpec spec, Fingerprint fingerprint, DecoderScorer scorer) {
    SignalSettings settings = TeacherLink.settings(spec);
    SharedIds ids = new SharedIds(fingerprint.vocabularySize(), Map.of());
    SignalSource teacher =
        sequences -> {
          sequences.forEach(ids::require);
          return CompletableFuture.completedFuture(scorer.score(sequences, settings));
        };
    return CachedSignals.filling(
        TeacherLink.cacheOf(spec, fingerprint), new SignalCodec(fingerprint), teacher);
  }

  private boolean fill(RunSpec spec, Corpus corpus, CachedSignals signals, ProgressBoard board)
      throws InterruptedException {
    Fill fill = new Fill(RunSequences.of(spec, corpus), signals, new Fill.Shard(shard, shards));
    count.set(fill.most());
    tell(board);
    fill.examine(
        spec.teacher().modelPath(),
        corpus.sample(),
        spec.student().architecture().vocabulary().size());
    boolean all =
        fill.run(
            main.stop(),
            there -> {
              done.set(there);
              tell(board);
            });
    if (all) {
      count.set(done.get());
      tell(board);
    }
    return all;
  }

  private void tell(ProgressBoard board) {
    long all = count.get();
    board.preparing(
        "filling the signal cache: %d of %d sequences (%d %%)"
            .formatted(done.get(), all, all == 0 ? 100 : 100 * done.get() / all));
  }

  private void report(ProgressBoard board) throws IOException {
    if (terminationMessage != null) {
      Files.writeString(terminationMessage, RunJson.write(board.latest().brief()));
    }
  }
}
