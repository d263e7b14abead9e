package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.failure.RunException;
import dev.alambic.feed.BatchSource;
import dev.alambic.feed.Material;
import dev.alambic.feed.RolloutMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.io.FileTrees;
import dev.alambic.model.Decoder;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.progress.TimeSpent;
import dev.alambic.prompt.Prompt;
import dev.alambic.prompt.Prompts;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.step.LossSums;
import dev.alambic.step.RunState;
import dev.alambic.step.TrainStep;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on prompts: a student of 10,000 parameters learns the rule of a teacher from its draws. */
class RolloutTrainerTest {
  private static final int VOCABULARY = TestSpecs.VOCABULARY;
  private static final int END = 2;
  private static final double RULE = 0.9;

  @TempDir private Path folder;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @BeforeEach
  void tokenizer() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 0, \"</s>\": 1}}}");
  }

  private RunSpec spec(long steps, double onPolicyFraction) {
    RunSpec plain = TestSpecs.run(folder, steps);
    return new RunSpec(
        plain.version(),
        plain.job(),
        plain.teacher(),
        plain.student(),
        plain.data(),
        new RunSpec.Objective(Divergence.ReverseKL, 1, 0, 0.5),
        new RunSpec.Signal(SignalEncoding.Label, 1, 0, null),
        plain.training(),
        new RunSpec.Rollout(1, 1, 10, 2, onPolicyFraction, 3, 5),
        plain.evaluation(),
        plain.checkpoint(),
        plain.saturation(),
        RunSpec.Trainers.ONE,
        1);
  }

  private static Prompts prompts() {
    List<Prompt> prompts =
        IntStream.range(0, 50)
            .mapToObj(
                i -> {
                  int[] tokens =
                      IntStream.range(0, 1 + i % 5).map(k -> (i * 11 + k) % 61).toArray();
                  return new Prompt(tokens, new int[] {7, 7, END});
                })
            .toList();
    return new Prompts(prompts.subList(8, 50), prompts.subList(0, 8), "digest");
  }

  private static int next(int token) {
    return (token * 7 + 3) % VOCABULARY;
  }

  /** A teacher that goes on by a rule, mostly. */
  private static Signal signal(int[] tokens) {
    float[] label = new float[tokens.length - 1];
    for (int i = 0; i < label.length; i++) {
      double other = (1 - RULE) / VOCABULARY;
      label[i] = (float) Math.log(tokens[i + 1] == next(tokens[i]) ? RULE + other : other);
    }
    return new LabelSignal(label, new float[label.length]);
  }

  private static Progress run(RunSpec spec, BooleanSupplier stop) {
    SignalSource teacher =
        sequences ->
            CompletableFuture.completedFuture(
                sequences.stream().map(RolloutTrainerTest::signal).toList());
    return run(spec, teacher, stop);
  }

  private static Progress run(RunSpec spec, SignalSource teacher, BooleanSupplier stop) {
    return run(spec, teacher, stop, false);
  }

  private static Progress run(
      RunSpec spec, SignalSource teacher, BooleanSupplier stop, boolean gated) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    try (Decoder student = TestSpecs.student(spec.training().numerics().seed())) {
      Material material =
          new RolloutMaterial(
              spec, prompts(), Set.of(END), teacher, student, new TimeSpent(), gated);
      Checkpoints checkpoints =
          new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", material.digest())));
      try (Trainer trainer = new Trainer(spec, student, material, checkpoints, board, stop)) {
        board.ended(trainer.run(), null);
      }
    }
    return board.latest();
  }

  @Test
  void theStudentsOwnAnswersComeNearTheTeacher() {
    Progress end = run(spec(60, 1), () -> false);
    List<Progress.CurvePoint> curve = end.learning().curve();
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(curve.get(0).crossEntropy()).isNull();
    assertThat(curve.get(curve.size() - 1).loss()).isLessThan(0.9 * curve.get(0).loss());
  }

  /** What a student that has learnt nothing says is unlikely to any teacher. */
  @Test
  void aTeacherToWhichAnswersAreNoLikelierThanChanceIsRefused() {
    SignalSource teacher =
        sequences ->
            CompletableFuture.completedFuture(
                sequences.stream().map(RolloutTrainerTest::signal).toList());
    assertThatThrownBy(() -> run(spec(8, 1), teacher, () -> false, true))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("first answers")
        .hasMessageContaining("no better than chance (4.");
    SignalSource sane =
        sequences ->
            CompletableFuture.completedFuture(
                sequences.stream().map(RolloutTrainerTest::likely).toList());
    assertThat(run(spec(8, 1), sane, () -> false, true).position().step()).isEqualTo(8);
  }

  private static Signal likely(int[] tokens) {
    float[] label = new float[tokens.length - 1];
    Arrays.fill(label, -1);
    return new LabelSignal(label, new float[label.length]);
  }

  @Test
  void aRunStoppedAndResumedEndsWithTheBitsOfOneThatWasNot() throws IOException {
    RunSpec spec = spec(16, 1);
    Progress undisturbed = run(spec, () -> false);
    Path student = folder.resolve("student/model.safetensors");
    byte[] weights = Files.readAllBytes(student);
    FileTrees.delete(folder.resolve("checkpoints"));
    FileTrees.delete(folder.resolve("student"));

    AtomicInteger asked = new AtomicInteger();
    assertThat(run(spec, () -> asked.incrementAndGet() == 10).position().step()).isEqualTo(9);
    Progress resumed = run(spec, () -> false);
    assertThat(resumed.learning().curve()).isEqualTo(undisturbed.learning().curve());
    assertThat(Files.readAllBytes(student)).isEqualTo(weights);
  }

  /** The teacher is waited for within an evaluation: it is made when the run is taken up. */
  @Test
  void aRunStoppedWithinAnEvaluationMakesItLater() throws IOException {
    RunSpec spec = spec(8, 1);
    Progress undisturbed = run(spec, () -> false);
    FileTrees.delete(folder.resolve("checkpoints"));

    SignalSource stopsAtTheEvaluation =
        sequences -> {
          if (sequences.size() > 1) {
            throw new InterruptedException();
          }
          return CompletableFuture.completedFuture(List.of(signal(sequences.get(0))));
        };
    assertThat(run(spec, stopsAtTheEvaluation, () -> false).learning().curve()).isEmpty();
    assertThat(run(spec, () -> false).learning().curve()).isEqualTo(undisturbed.learning().curve());
  }

  @Test
  void aBatchHasTheTokensThatWereAskedForAndThePromptsDoNotCount() throws InterruptedException {
    RunSpec spec = spec(4, 0.5);
    try (Decoder student = TestSpecs.student(1)) {
      SignalSource teacher =
          sequences ->
              CompletableFuture.completedFuture(
                  sequences.stream().map(RolloutTrainerTest::signal).toList());
      Material material =
          new RolloutMaterial(
              spec, prompts(), Set.of(END), teacher, student, new TimeSpent(), false);
      BatchSource batches = material.batches(RunState.START);
      RunState state = RunState.START;
      List<Boolean> own = new ArrayList<>();
      for (int step = 0; step < 3; step++) {
        List<Example> batch = batches.next(state);
        assertThat(batch.stream().mapToInt(Example::counted).sum())
            .isEqualTo((int) spec.training().batchTokens());
        batch.forEach(example -> own.add(example.drawn() != null));
        state = state.stepped(new TrainStep.Result(LossSums.ZERO, 1, 1), batch.size());
      }
      assertThat(state.sequences()).isEqualTo(own.size());
      assertThat(own).contains(true, false);
    }
  }
}
