package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.torch.Torch;
import dev.alambic.train.SignalSource;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A teacher in the student's own process and thread: no network, and one core does both. */
final class LocalTeacher implements SignalSource, AutoCloseable {
  private final DecoderScorer scorer;
  private final SignalSettings settings;

  private LocalTeacher(DecoderScorer scorer, SignalSettings settings) {
    this.scorer = scorer;
    this.settings = settings;
  }

  /** The teacher of a run, or null if it has none. */
  static LocalTeacher of(RunSpec spec) {
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
        new SignalSettings(signal.encoding(), signal.size(), signal.seed(), temperature));
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    return CompletableFuture.completedFuture(scorer.score(sequences, settings));
  }

  @Override
  public void close() {
    scorer.close();
  }
}
