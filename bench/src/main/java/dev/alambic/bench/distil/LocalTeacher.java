package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.teacher.ModelDescription;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A teacher in the student's own process and thread: no network, and one core does both. */
final class LocalTeacher implements SignalSource, AutoCloseable {
  private final DecoderScorer scorer;
  private final SignalSettings settings;
  private final boolean renormalised;

  private LocalTeacher(DecoderScorer scorer, SignalSettings settings, boolean renormalised) {
    this.scorer = scorer;
    this.settings = settings;
    this.renormalised = renormalised;
  }

  /**
   * The teacher of a run, or null if it has none.
   *
   * @param renormalised whether its TopK signals lose their bucket
   */
  static LocalTeacher of(RunSpec spec, boolean renormalised) {
    if (spec.teacher() == null) {
      return null;
    }
    Path folder = Path.of(spec.teacher().modelPath());
    ModelFolder model = ModelFolder.read(folder);
    Decoder decoder = Decoder.frozen(Torch.newManager(), model, Precision.FP32);
    RunSpec.Signal signal = spec.signal();
    double temperature = spec.objective().temperature();
    return new LocalTeacher(
        new DecoderScorer(decoder, ModelDigests.of(folder)),
        new SignalSettings(signal.encoding(), signal.size(), signal.seed(), temperature),
        renormalised);
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    List<Signal> said = scorer.score(sequences, settings);
    return CompletableFuture.completedFuture(
        renormalised
            ? said.stream().map(s -> (Signal) Renormalised.of((TopKSignal) s)).toList()
            : said);
  }

  /** Bytes that the records of these sequences take on the wire and on disk, per position. */
  double bytesPerToken(List<int[]> sequences) {
    ModelDescription model = scorer.describe();
    Fingerprint fingerprint =
        new Fingerprint(
            Fingerprint.VERSION,
            model.digests(),
            model.vocabularySize(),
            model.finalSoftCap(),
            settings);
    SignalCodec codec = new SignalCodec(fingerprint);
    long bytes = 0;
    long positions = 0;
    for (int[] tokens : sequences) {
      Signal signal = scorer.score(List.of(tokens), settings).get(0);
      bytes += codec.encode(signal, Draws.sequenceKey(tokens)).length;
      positions += tokens.length - 1;
    }
    return (double) bytes / positions;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
