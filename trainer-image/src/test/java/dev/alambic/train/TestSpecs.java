package dev.alambic.train;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.corpus.SequenceWindows;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Partition;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A run small enough for tests: 61 words, sequences of 16, a student of about 10,000 parameters.
 */
public final class TestSpecs {
  public static final int VOCABULARY = 61;
  public static final int SEQUENCE = 16;
  public static final int DRAWS = 8;
  public static final RunSpec.Objective FORWARD_KL =
      new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5);
  static final DecoderConfig STUDENT =
      DecoderConfig.gemma2(VOCABULARY, 24, 2, 4, 2, 8, 40, 5, SEQUENCE, 1e4, 1e-6, 50, 30, 8);

  private TestSpecs() {}

  public static RunSpec.Training training(
      long steps, long warmup, long decay, double peak, Schedule schedule) {
    int batch = 8;
    return new RunSpec.Training(
        steps * batch * SEQUENCE,
        SEQUENCE,
        batch,
        4,
        steps,
        new RunSpec.Rate(schedule, warmup, decay, peak, 0),
        RunSpec.Optimizer.DEFAULT,
        new RunSpec.Numerics(Precision.FP32, false, 7));
  }

  public static RunSpec run(Path folder, long steps) {
    RunSpec.Training training = training(steps, 3, steps / 4, 1e-2, Schedule.WarmupStableDecay);
    long batchTokens = training.batchTokens();
    return new RunSpec(
        RunSpec.VERSION,
        "test",
        new RunSpec.Teacher("teacher", List.of(), 1024, TeacherRuntime.Builtin, null),
        new RunSpec.Student(STUDENT, null, folder.toString(), folder.resolve("student").toString()),
        new RunSpec.Data("text", DataFormat.Text, "text", null, "cache", null),
        FORWARD_KL,
        new RunSpec.Signal(SignalEncoding.Sampled, DRAWS, 3, null),
        training,
        null,
        new RunSpec.Evaluation(6, 4 * batchTokens, 4, 4 * batchTokens),
        new RunSpec.Checkpoint(folder.resolve("checkpoints").toString(), 5 * batchTokens, 2, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        1);
  }

  static RunSpec finishingNow(RunSpec spec) {
    return spec.withSaturation(spec.saturation().withFinishNow(true));
  }

  /** The same run, which puts another's checkpoints aside. */
  static RunSpec restarting(RunSpec spec) {
    return spec.withCheckpoint(spec.checkpoint().withRestart(true));
  }

  /** The same training in micro-batches of so many sequences. */
  static RunSpec.Training inMicroBatches(RunSpec.Training base, int microBatch, boolean recompute) {
    return base.with(
        training ->
            training
                .microBatchSequences(microBatch)
                .numerics(base.numerics().withRecomputeActivations(recompute)));
  }

  /** The tensors of one trainer that has all of everything; gradients are gathered. */
  public static Partition alone(Decoder decoder) {
    return Partition.alone(decoder.manager(), decoder.parameters().all());
  }

  public static Decoder student(long seed) {
    NDManager manager = Torch.newManager();
    return new Decoder(
        manager, STUDENT, DecoderParameters.random(manager, STUDENT, seed), Precision.FP32);
  }

  /** Text with something to learn: each word mostly decides the next. */
  public static Corpus corpus() {
    return new Corpus(SequenceWindows.one(sequences(40, 1)), sequences(12, 2), "digest");
  }

  private static PackedSequences sequences(int count, long seed) {
    return new PackedSequences() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public int[] sequence(long index) {
        Random random = new Random(seed * 1000 + index);
        int[] tokens = new int[SEQUENCE + 1];
        tokens[0] = random.nextInt(VOCABULARY);
        for (int i = 1; i <= SEQUENCE; i++) {
          tokens[i] =
              random.nextInt(4) == 0
                  ? random.nextInt(VOCABULARY)
                  : (tokens[i - 1] * 7 + 3) % VOCABULARY;
        }
        return tokens;
      }
    };
  }

  /** A teacher that knows the rule of the text. */
  public static SignalSource teacher() {
    return sequences ->
        CompletableFuture.completedFuture(sequences.stream().map(TestSpecs::signal).toList());
  }

  public static Signal signal(int[] tokens) {
    int positions = tokens.length - 1;
    float[] label = new float[positions];
    float[] entropy = new float[positions];
    List<Integer> drawn = new ArrayList<>();
    Random random = new Random(Arrays.hashCode(tokens));
    for (int i = 0; i < positions; i++) {
      label[i] = -1.5f;
      entropy[i] = 1.6f;
      int[] ids = new int[DRAWS];
      for (int k = 0; k < DRAWS; k++) {
        ids[k] = random.nextInt(4) == 0 ? random.nextInt(VOCABULARY) : (tokens[i] * 7 + 3) % 61;
      }
      Arrays.stream(ids).sorted().forEach(drawn::add);
    }
    int[] draws = drawn.stream().mapToInt(Integer::intValue).toArray();
    return SampledSignal.ofSortedDraws(DRAWS, label, entropy, draws);
  }

  public static List<Example> examples(int count, boolean withTeacher) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] tokens = corpus().train().window(0).sequence(i);
      examples.add(new Example(tokens, withTeacher ? signal(tokens) : null));
    }
    return examples;
  }
}
