package dev.alambic.bench.speed;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.bench.recipe.RandomText;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;

/**
 * The trainer's own step, signals and optimizer included, with a teacher that answers at once. It
 * asks before each step whether to stop, and that is when the clock is read.
 */
final class StepSpeed {
  private static final long ENDLESS = 1L << 30;

  private StepSpeed() {}

  /** Median tokens per second. */
  static double tokensPerSecond(ModelSize size, int threads, Precision precision, Pace pace) {
    RunSpec spec = spec(size, threads, precision);
    RandomText text = new RandomText(size.shape().vocabulary().size(), ModelSize.SEQUENCE);
    Stopwatch watch = new Stopwatch(pace, System::nanoTime);
    try (Decoder student = Recipe.random(spec)) {
      CorpusMaterial material = new CorpusMaterial(spec, text.corpus(1), text.teacher(), student);
      Recipe.train(spec, student, material, () -> stop(watch));
    } catch (EnoughException e) {
      return size.tokens() / watch.median();
    }
    throw new IllegalStateException("the run ended before enough was measured");
  }

  /** Leaves the trainer without a checkpoint: random weights are not worth one. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static boolean stop(Stopwatch watch) {
    if (watch.next()) {
      throw new EnoughException();
    }
    return false;
  }

  private static RunSpec spec(ModelSize size, int threads, Precision precision) {
    Path nowhere = Path.of(System.getProperty("java.io.tmpdir"), "alambic-speed");
    RunSpec.Training training =
        Recipe.training(ModelSize.SEQUENCE, size.batch(), size.batch(), ENDLESS, 1e-4, 1)
            .withNumerics(new RunSpec.Numerics(precision, false, 1));
    RunSpec.Data data = Recipe.text(Path.of("random"), nowhere);
    return Recipe.run("speed", nowhere, size.shape(), nowhere, data, training)
        .withTeacher(Recipe.teacher(nowhere, size.tokens()))
        .withEvaluation(new RunSpec.Evaluation(1, training.tokenBudget(), 1, ENDLESS))
        .withThreads(threads);
  }
}
