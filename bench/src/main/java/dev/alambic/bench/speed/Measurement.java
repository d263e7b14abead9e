package dev.alambic.bench.speed;

import ai.djl.pytorch.jni.JniUtils;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.bench.recipe.RandomText;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.model.Decoder;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import java.util.List;

/**
 * What was measured of one model with some threads. A teacher has a sequence at a time, as it is
 * served.
 *
 * @param matmul GFLOP/s of a bare product, before and after the rest: the better one
 * @param step tokens per second of a training step
 * @param scoring tokens per second with signals made
 * @param forward tokens per second of the forward pass to the logits, and no more
 */
record Measurement(
    ModelSize size,
    int threads,
    Precision precision,
    double matmul,
    double step,
    double scoring,
    double forward) {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, Recipe.DRAWS, 1, 1);

  /** Measures in this process, whose engine is started; bare products for a fifth of the time. */
  static Measurement of(ModelSize size, int threads, Precision precision, Pace pace) {
    JniUtils.setNumThreads(threads);
    Pace brief = new Pace(pace.warmUpRounds(), pace.rounds(), pace.seconds() / 5);
    double before = MatmulSpeed.best(size, precision, brief);
    double step = StepSpeed.tokensPerSecond(size, threads, precision, pace);
    double scoring;
    double forward;
    RandomText text = new RandomText(size.shape().vocabulary().size(), ModelSize.SEQUENCE);
    List<int[]> sequences = text.tokens(size.batch());
    Decoder decoder = Recipe.random(size.shape(), precision, 1);
    try (DecoderScorer scorer = new DecoderScorer(decoder, new ModelDigests("-", "-", "-"))) {
      scoring = Stopwatch.median(pace, () -> scorer.score(sequences, SETTINGS));
      forward = Stopwatch.median(pace, () -> sequences.forEach(s -> Recipe.forward(decoder, s)));
    }
    double after = MatmulSpeed.best(size, precision, brief);
    return new Measurement(
        size,
        threads,
        precision,
        Math.max(before, after),
        step,
        size.tokens() / scoring,
        size.tokens() / forward);
  }

  /** GFLOP/s of a training step: backward has two products for each of forward's. */
  double stepGigaflops() {
    return step * 3 * ModelSize.flops(size.shape(), ModelSize.SEQUENCE) / 1e9;
  }

  /** GFLOP/s of scoring, matrix products only. */
  double scoringGigaflops() {
    return scoring * ModelSize.flops(size.shape(), ModelSize.SEQUENCE) / 1e9;
  }
}
