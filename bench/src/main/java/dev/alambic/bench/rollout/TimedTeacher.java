package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A teacher in the student's own process and thread, and how long it has scored. */
final class TimedTeacher implements SignalSource, AutoCloseable {
  private static final SignalSettings DENSE = new SignalSettings(SignalEncoding.Dense, 0, 0, 1);

  private final DecoderScorer scorer;
  private long nanos;

  private TimedTeacher(DecoderScorer scorer) {
    this.scorer = scorer;
  }

  static TimedTeacher of(Path folder) {
    Decoder decoder = Decoder.frozen(Torch.newManager(), ModelFolder.read(folder), Precision.FP32);
    return new TimedTeacher(new DecoderScorer(decoder, ModelDigests.of(folder)));
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    long start = System.nanoTime();
    List<Signal> said = scorer.score(sequences, DENSE);
    nanos += System.nanoTime() - start;
    return CompletableFuture.completedFuture(said);
  }

  double seconds() {
    return nanos / 1e9;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
