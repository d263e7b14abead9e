package dev.alambic.bench.recipe;

import ai.djl.ndarray.NDArray;
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
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.feed.Material;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** How benchmarks make and train students; each replaces the parts of a run that it has its own. */
public final class Recipe {
  /** Of a signal, per position. */
  public static final int DRAWS = 50;

  private static final int WHOLE_HELD_OUT_TEXT = 1 << 20;

  private Recipe() {}

  /** A decoder with random weights, on the engine's device. */
  public static Decoder random(DecoderConfig shape, Precision precision, long seed) {
    NDManager manager = Torch.newManager();
    DecoderParameters parameters = DecoderParameters.random(manager, shape, seed);
    return new Decoder(manager, shape, parameters, precision);
  }

  /** The student that a run begins with. */
  public static Decoder random(RunSpec spec) {
    RunSpec.Numerics numerics = spec.training().numerics();
    return random(spec.student().architecture(), numerics.precision(), numerics.seed());
  }

  /** The forward pass of T + 1 tokens to the logits of T positions, and no more. */
  public static void forward(Decoder decoder, int[] tokens) {
    int time = tokens.length - 1;
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray hidden = decoder.hidden(scope, Decoder.ids(scope, List.of(tokens), time));
      decoder.logits(scope, hidden.reshape(time, -1));
    }
  }

  /**
   * The run of one trainer with one thread, from the text alone, evaluated when it ends. A teacher
   * that is added returns 50 draws; the loss is forward KL alone.
   *
   * @param folder for checkpoints and model
   * @param tokenizer its folder
   */
  public static RunSpec run(
      String job,
      Path folder,
      DecoderConfig shape,
      Path tokenizer,
      RunSpec.Data data,
      RunSpec.Training training) {
    long tokens = training.tokenBudget();
    return new RunSpec(
        RunSpec.VERSION,
        job,
        null,
        new RunSpec.Student(shape, null, tokenizer.toString(), folder.resolve("model").toString()),
        data,
        new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5),
        new RunSpec.Signal(SignalEncoding.Sampled, DRAWS, 1, null),
        training,
        null,
        new RunSpec.Evaluation(WHOLE_HELD_OUT_TEXT, tokens, 1, tokens),
        new RunSpec.Checkpoint(folder.resolve("checkpoints").toString(), tokens, 1, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        1);
  }

  /** A teacher of our own with the model in a folder. */
  public static RunSpec.Teacher teacher(Path model, int mostTokens) {
    return new RunSpec.Teacher(
        model.toString(), List.of(), mostTokens, TeacherRuntime.Builtin, null);
  }

  /** Plain text, and the folder for its tokens. */
  public static RunSpec.Data text(Path text, Path cache) {
    return new RunSpec.Data(text.toString(), DataFormat.Text, "text", null, cache.toString(), null);
  }

  /**
   * AdamW in FP32 without recomputation, for whole steps: 5 % of them warm the learning rate up,
   * the last 20 % bring it to zero.
   *
   * @param tokens in a sequence
   * @param batch sequences of a step
   * @param microBatch sequences of a pass
   */
  public static RunSpec.Training training(
      int tokens, int batch, int microBatch, long steps, double learningRate, long seed) {
    long warmUp = Math.max(1, steps / 20);
    long decay = Math.max(1, steps / 5);
    return new RunSpec.Training(
        steps * batch * tokens,
        tokens,
        batch,
        microBatch,
        steps,
        new RunSpec.Rate(Schedule.WarmupStableDecay, warmUp, decay, learningRate, 0),
        RunSpec.Optimizer.DEFAULT,
        new RunSpec.Numerics(Precision.FP32, false, seed));
  }

  /**
   * Trains in this process, from the newest checkpoint to the end, and leaves the model in its
   * folder.
   *
   * @param stop asked before each step
   * @return how it ended
   */
  public static Progress train(
      RunSpec spec, Decoder student, Material material, BooleanSupplier stop) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    StudentFingerprint fingerprint = StudentFingerprint.of(spec, Map.of("data", material.digest()));
    Checkpoints checkpoints = new Checkpoints(spec, fingerprint);
    try (Trainer trainer = new Trainer(spec, student, material, checkpoints, board, stop)) {
      board.ended(trainer.run(), null);
    }
    return board.latest();
  }
}
