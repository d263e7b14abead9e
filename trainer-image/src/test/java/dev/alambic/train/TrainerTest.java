package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.corpus.Corpus;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.io.FileTrees;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.ModelFolder;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs under a tiny young generation (pom.xml): a constant that the garbage collector frees while
 * the graph still reads it would show as losses that differ between runs of one seed.
 */
class TrainerTest {
  private static final long STEPS = 24;

  @TempDir private Path folder;
  private RunSpec spec;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @BeforeEach
  void tokenizer() throws IOException {
    spec = TestSpecs.run(folder, STEPS);
    Files.writeString(
        folder.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 0, \"</s>\": 1}}}");
  }

  @Test
  void theStudentLearnsAndIsWritten() {
    Progress end = run(spec, TestSpecs.corpus(), () -> false);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(last(end).divergence()).isLessThan(end.learning().curve().get(0).divergence());
    assertThat(last(end).tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(last(end).constantRate()).isFalse();
    assertThat(ModelFolder.read(Path.of(end.saved().modelPath())).decoder())
        .isEqualTo(TestSpecs.STUDENT);
    assertThat(folder.resolve("student/tokenizer.json")).exists();
    assertThat(folder.resolve("student/generation_config.json"))
        .content()
        .isEqualToIgnoringWhitespace("{\"eos_token_id\": 1}");
  }

  @Test
  void theSameSeedGivesTheSameBits() throws IOException {
    Progress first = run(spec, TestSpecs.corpus(), () -> false);
    byte[] weights = Files.readAllBytes(folder.resolve("student/model.safetensors"));
    FileTrees.delete(folder.resolve("checkpoints"));
    Progress second = run(spec, TestSpecs.corpus(), () -> false);
    assertThat(second.learning().curve()).isEqualTo(first.learning().curve());
    assertThat(Files.readAllBytes(folder.resolve("student/model.safetensors"))).isEqualTo(weights);
  }

  @Test
  void aRunStoppedAndResumedEndsWithTheBitsOfOneThatWasNot() throws IOException {
    Progress undisturbed = run(spec, TestSpecs.corpus(), () -> false);
    byte[] weights = Files.readAllBytes(folder.resolve("student/model.safetensors"));
    FileTrees.delete(folder.resolve("checkpoints"));
    FileTrees.delete(folder.resolve("student"));

    AtomicInteger asked = new AtomicInteger();
    Progress stopped = run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 14);
    assertThat(stopped.position().step()).isEqualTo(13);
    assertThat(folder.resolve("student")).doesNotExist();
    Progress resumed = run(spec, TestSpecs.corpus(), () -> false);
    assertThat(resumed.learning().curve()).isEqualTo(undisturbed.learning().curve());
    assertThat(Files.readAllBytes(folder.resolve("student/model.safetensors"))).isEqualTo(weights);
  }

  /** What an operator does for the annotation alambic.dev/finish: the same run, taken up again. */
  @Test
  void aRunThatIsAskedToFinishDecaysFromItsCheckpointOn() {
    AtomicInteger asked = new AtomicInteger();
    run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 11);
    Progress end = run(TestSpecs.finishingNow(spec), TestSpecs.corpus(), () -> false);

    assertThat(end.position().step()).isEqualTo(10 + 5);
    assertThat(end.learning().learningRate()).isZero();
    assertThat(end.verdict().saturation().stoppedBy()).isEqualTo(StopCause.Request);
    assertThat(end.verdict().saturation().savedTokens())
        .isEqualTo((STEPS - end.position().step()) * spec.training().batchTokens());
    assertThat(end.saved().modelPath()).isNotNull();
  }

  @Test
  void aDecayThatHasBegunGoesItsWayWhateverIsAsked() {
    AtomicInteger asked = new AtomicInteger();
    run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 22);
    Progress end = run(TestSpecs.finishingNow(spec), TestSpecs.corpus(), () -> false);

    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(end.verdict().saturation().stoppedBy()).isNull();
  }

  @Test
  void aTeacherThatKnowsNoMoreThanCountsIsRefused() {
    SignalSource blind =
        sequences ->
            TestSpecs.teacher()
                .score(sequences)
                .thenApply(signals -> signals.stream().map(TrainerTest::uniform).toList());
    assertThatThrownBy(() -> run(spec, TestSpecs.corpus(), blind, () -> false))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("no better than that of counting words");
  }

  /** The label's log-probability of a model whose weights are all zero. */
  private static Signal uniform(Signal signal) {
    SampledSignal sampled = (SampledSignal) signal;
    float[] labels = new float[signal.positions()];
    Arrays.fill(labels, (float) -Math.log(TestSpecs.STUDENT.vocabulary().size()));
    return new SampledSignal(
        sampled.draws(),
        labels,
        sampled.entropy(),
        sampled.ids(),
        sampled.counts(),
        sampled.offsets());
  }

  @Test
  void aCheckpointOfOtherTextIsRefused() {
    run(spec, TestSpecs.corpus(), () -> false);
    Corpus other = new Corpus(TestSpecs.corpus().train(), TestSpecs.corpus().heldOut(), "other");
    assertThatThrownBy(() -> run(spec, other, () -> false))
        .isInstanceOf(RunException.class)
        .hasMessage(
            folder
                + "/checkpoints/step-000000000024 is of another run: data was digest, and is other."
                + " Take another name or folder, or restart in this one with"
                + " spec.checkpoint.restart: true (pretrain: --restart)");
  }

  @Test
  void onlyTheNewestCheckpointsStay() throws IOException {
    run(spec, TestSpecs.corpus(), () -> false);
    try (var checkpoints = Files.list(folder.resolve("checkpoints"))) {
      assertThat(checkpoints.map(path -> path.getFileName().toString()))
          // And the last from before the decay.
          .containsExactlyInAnyOrder("step-000000000018", "step-000000000020", "step-000000000024");
    }
  }

  @Test
  void aBudgetRaisedAfterTheEndGivesTheBitsOfOneThatWasAsLargeFromTheStart() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.copy(folder.resolve("tokenizer.json"), elsewhere.resolve("tokenizer.json"));
    Progress whole = run(TestSpecs.run(elsewhere, 2 * STEPS), TestSpecs.corpus(), () -> false);

    run(spec, TestSpecs.corpus(), () -> false);
    Progress grown = run(TestSpecs.run(folder, 2 * STEPS), TestSpecs.corpus(), () -> false);

    assertThat(grown.position().tokens()).isEqualTo(whole.position().tokens());
    assertThat(last(grown)).isEqualTo(last(whole));
    assertThat(Files.readAllBytes(folder.resolve("student/model.safetensors")))
        .isEqualTo(Files.readAllBytes(elsewhere.resolve("student/model.safetensors")));
  }

  @Test
  void whereOnlyCooledWeightsAreLeftALargerBudgetGoesOnFromThem() throws IOException {
    run(spec, TestSpecs.corpus(), () -> false);
    FileTrees.delete(folder.resolve("checkpoints/step-000000000018"));
    FileTrees.delete(folder.resolve("checkpoints/step-000000000020"));

    Progress grown = run(TestSpecs.run(folder, 2 * STEPS), TestSpecs.corpus(), () -> false);

    assertThat(grown.position().tokens()).isEqualTo(2 * STEPS * spec.training().batchTokens());
  }

  @Test
  void anotherSpecIsRefusedWithTheFieldAndBothValues() {
    run(spec, TestSpecs.corpus(), () -> false);
    RunSpec other =
        spec.withObjective(new RunSpec.Objective(Divergence.ForwardKL, 1, 0.25, 0.5))
            .withTraining(
                TestSpecs.training(STEPS, 3, STEPS / 4, 2e-2, Schedule.WarmupStableDecay));

    assertThatThrownBy(() -> run(other, TestSpecs.corpus(), () -> false))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("objective.labelWeight was 0.0, and is 0.25; and 1 more.")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void aRestartPutsAnotherRunsCheckpointsAsideAndBeginsAnew() throws IOException {
    run(spec, TestSpecs.corpus(), () -> false);
    FileTrees.delete(folder.resolve("student"));
    RunSpec other =
        TestSpecs.restarting(
            spec.withObjective(new RunSpec.Objective(Divergence.ForwardKL, 1, 0.25, 0.5)));

    AtomicInteger asked = new AtomicInteger();
    run(other, TestSpecs.corpus(), () -> asked.incrementAndGet() == 9);
    assertThat(folder.resolve("checkpoints/replaced/step-000000000024/manifest.json")).exists();
    assertThat(folder.resolve("checkpoints/step-000000000024")).doesNotExist();
    Progress end = run(other, TestSpecs.corpus(), () -> false);

    assertThat(asked.get()).as("the second run went on, and did not begin again").isEqualTo(9);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(last(end).tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(folder.resolve("student/model.safetensors")).exists();
  }

  /** One whose fingerprint says that it fits, and whose weights do not. */
  @Test
  void aCheckpointThatCannotBeLoadedIsTriedOnce() throws IOException {
    run(spec, TestSpecs.corpus(), () -> false);
    DecoderConfig wider =
        DecoderConfig.gemma2(
            TestSpecs.VOCABULARY, 32, 2, 4, 2, 8, 40, 5, TestSpecs.SEQUENCE, 1e4, 1e-6, 50, 30, 8);
    NDManager manager = Torch.newManager();
    try (Decoder student =
            new Decoder(
                manager, wider, DecoderParameters.random(manager, wider, 1), Precision.FP32);
        Trainer trainer =
            new Trainer(
                spec,
                student,
                new CorpusMaterial(spec, TestSpecs.corpus(), TestSpecs.teacher(), student),
                checkpoints(spec, TestSpecs.corpus()),
                new ProgressBoard(spec, System::nanoTime),
                () -> false)) {
      assertThatThrownBy(trainer::run)
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith("no checkpoint is sound (" + folder);
    }
  }

  private static Progress.CurvePoint last(Progress progress) {
    return progress.learning().curve().get(progress.learning().curve().size() - 1);
  }

  private static Progress run(RunSpec spec, Corpus corpus, BooleanSupplier stop) {
    return run(spec, corpus, TestSpecs.teacher(), stop);
  }

  private static Progress run(
      RunSpec spec, Corpus corpus, SignalSource teacher, BooleanSupplier stop) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    try (Decoder student = TestSpecs.student(spec.training().numerics().seed());
        Trainer trainer =
            new Trainer(
                spec,
                student,
                new CorpusMaterial(spec, corpus, teacher, student),
                checkpoints(spec, corpus),
                board,
                stop)) {
      State end = trainer.run();
      board.ended(end, null);
    }
    return board.latest();
  }

  private static Checkpoints checkpoints(RunSpec spec, Corpus corpus) {
    return new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", corpus.digest())));
  }
}
