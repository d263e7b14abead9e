package dev.alambic.bench.recipe;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Draws;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A teacher in the student's own process and thread: no network, and one core does both. */
public final class LocalTeacher implements SignalSource, AutoCloseable {
  private final DecoderScorer scorer;
  private final SignalSettings settings;
  private long nanos;

  /** The teacher of a run, in FP32. */
  public LocalTeacher(RunSpec spec) {
    Path folder = Path.of(spec.teacher().modelPath());
    Decoder decoder = Decoder.frozen(Torch.newManager(), ModelFolder.read(folder), Precision.FP32);
    this.scorer = new DecoderScorer(decoder, ModelDigests.of(folder));
    RunSpec.Signal asked = spec.signal();
    double temperature = spec.objective().temperature();
    this.settings = new SignalSettings(asked.encoding(), asked.size(), asked.seed(), temperature);
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    long start = System.nanoTime();
    List<Signal> signals = scorer.score(sequences, settings);
    nanos += System.nanoTime() - start;
    return CompletableFuture.completedFuture(signals);
  }

  /** How long it has scored so far, in seconds. */
  public double seconds() {
    return nanos / 1e9;
  }

  /** Bytes that the records of these sequences take on the wire and on disk, per position. */
  public double bytesPerToken(List<int[]> sequences) {
    SignalCodec codec = new SignalCodec(scorer.describe().fingerprint(settings));
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
