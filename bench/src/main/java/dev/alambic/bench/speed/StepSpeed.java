package dev.alambic.bench.speed;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The trainer's own step, signals and optimizer included, with a teacher that answers at once. It
 * asks before each step whether to stop, and that is when the clock is read.
 */
final class StepSpeed {
  private static final long ENDLESS = 1L << 30;

  private StepSpeed() {}

  /** Median tokens per second. */
  static double tokensPerSecond(ModelSize size, int threads, Precision precision, Pace pace) {
    Stopwatch watch = new Stopwatch(pace, System::nanoTime);
    try {
      train(size, spec(size, threads, precision), () -> stop(watch));
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

  private static void train(ModelSize size, RunSpec spec, BooleanSupplier stop) {
    RandomText text = new RandomText(size.shape().vocabulary().size(), ModelSize.SEQUENCE);
    NDManager manager = Torch.newManager();
    DecoderParameters parameters = DecoderParameters.random(manager, size.shape(), 1);
    try (Decoder student =
            new Decoder(manager, size.shape(), parameters, spec.training().numerics().precision());
        Trainer trainer =
            new Trainer(
                spec,
                student,
                new CorpusMaterial(spec, text.corpus(1), text.teacher(), student),
                new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", "random"))),
                new ProgressBoard(spec, System::nanoTime),
                stop)) {
      trainer.run();
    }
  }

  private static RunSpec spec(ModelSize size, int threads, Precision precision) {
    String nowhere = Path.of(System.getProperty("java.io.tmpdir"), "alambic-speed").toString();
    return new RunSpec(
        RunSpec.VERSION,
        "speed",
        new RunSpec.Teacher("none", List.of(), size.tokens(), TeacherRuntime.Builtin, null),
        new RunSpec.Student(size.shape(), null, nowhere, nowhere),
        new RunSpec.Data("random", DataFormat.Text, "text", null, nowhere, null),
        new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5),
        new RunSpec.Signal(SignalEncoding.Sampled, RandomText.DRAWS, 1, null),
        training(size, precision),
        null,
        new RunSpec.Evaluation(1, ENDLESS * size.tokens(), 1, ENDLESS),
        new RunSpec.Checkpoint(nowhere, ENDLESS * size.tokens(), 1, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        threads);
  }

  private static RunSpec.Training training(ModelSize size, Precision precision) {
    return new RunSpec.Training(
        ENDLESS * size.tokens(),
        ModelSize.SEQUENCE,
        size.batch(),
        size.batch(),
        ENDLESS,
        new RunSpec.Rate(Schedule.WarmupStableDecay, 10, 10, 1e-4, 0),
        RunSpec.Optimizer.DEFAULT,
        new RunSpec.Numerics(precision, false, 1));
  }
}
