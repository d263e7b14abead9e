package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.data.Corpus;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
    assertThat(end.tokens()).isEqualTo(end.tokenBudget());
    assertThat(last(end).divergence()).isLessThan(end.curve().get(0).divergence());
    assertThat(last(end).tokens()).isEqualTo(end.tokenBudget());
    assertThat(last(end).constantRate()).isFalse();
    assertThat(ModelFolder.read(Path.of(end.modelPath())).decoder()).isEqualTo(TestSpecs.STUDENT);
    assertThat(folder.resolve("student/tokenizer.json")).exists();
    assertThat(folder.resolve("student/generation_config.json"))
        .content()
        .isEqualToIgnoringWhitespace("{\"eos_token_id\": 1}");
  }

  @Test
  void theSameSeedGivesTheSameBits() throws IOException {
    Progress first = run(spec, TestSpecs.corpus(), () -> false);
    byte[] weights = Files.readAllBytes(folder.resolve("student/model.safetensors"));
    Trees.delete(folder.resolve("checkpoints"));
    Progress second = run(spec, TestSpecs.corpus(), () -> false);
    assertThat(second.curve()).isEqualTo(first.curve());
    assertThat(Files.readAllBytes(folder.resolve("student/model.safetensors"))).isEqualTo(weights);
  }

  @Test
  void aRunStoppedAndResumedEndsWithTheBitsOfOneThatWasNot() throws IOException {
    Progress undisturbed = run(spec, TestSpecs.corpus(), () -> false);
    byte[] weights = Files.readAllBytes(folder.resolve("student/model.safetensors"));
    Trees.delete(folder.resolve("checkpoints"));
    Trees.delete(folder.resolve("student"));

    AtomicInteger asked = new AtomicInteger();
    Progress stopped = run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 14);
    assertThat(stopped.step()).isEqualTo(13);
    assertThat(folder.resolve("student")).doesNotExist();
    Progress resumed = run(spec, TestSpecs.corpus(), () -> false);
    assertThat(resumed.curve()).isEqualTo(undisturbed.curve());
    assertThat(Files.readAllBytes(folder.resolve("student/model.safetensors"))).isEqualTo(weights);
  }

  /** What an operator does for the annotation alambic.dev/finish: the same run, taken up again. */
  @Test
  void aRunThatIsAskedToFinishDecaysFromItsCheckpointOn() {
    AtomicInteger asked = new AtomicInteger();
    run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 11);
    Progress end = run(TestSpecs.finishingNow(spec), TestSpecs.corpus(), () -> false);

    assertThat(end.step()).isEqualTo(10 + 5);
    assertThat(end.learningRate()).isZero();
    assertThat(end.saturation().stoppedBy()).isEqualTo(StopCause.Request);
    assertThat(end.saturation().savedTokens())
        .isEqualTo((STEPS - end.step()) * spec.training().batchTokens());
    assertThat(end.modelPath()).isNotNull();
  }

  @Test
  void aDecayThatHasBegunGoesItsWayWhateverIsAsked() {
    AtomicInteger asked = new AtomicInteger();
    run(spec, TestSpecs.corpus(), () -> asked.incrementAndGet() == 22);
    Progress end = run(TestSpecs.finishingNow(spec), TestSpecs.corpus(), () -> false);

    assertThat(end.tokens()).isEqualTo(end.tokenBudget());
    assertThat(end.saturation().stoppedBy()).isNull();
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
    Arrays.fill(labels, (float) -Math.log(TestSpecs.STUDENT.vocabularySize()));
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
        .hasMessageContaining("was made from other text");
  }

  @Test
  void onlyTheNewestCheckpointsStay() throws IOException {
    run(spec, TestSpecs.corpus(), () -> false);
    try (var checkpoints = Files.list(folder.resolve("checkpoints"))) {
      assertThat(checkpoints.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("step-000000000020", "step-000000000024");
    }
  }

  private static Progress.CurvePoint last(Progress progress) {
    return progress.curve().get(progress.curve().size() - 1);
  }

  private static Progress run(RunSpec spec, Corpus corpus, BooleanSupplier stop) {
    return run(spec, corpus, TestSpecs.teacher(), stop);
  }

  private static Progress run(
      RunSpec spec, Corpus corpus, SignalSource teacher, BooleanSupplier stop) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    try (Decoder student = TestSpecs.student(spec.training().seed());
        Trainer trainer =
            new Trainer(
                spec,
                student,
                new CorpusMaterial(spec, corpus, teacher, student),
                new Checkpoints(spec, corpus.digest()),
                board,
                stop)) {
      State end = trainer.run();
      board.ended(end, null);
    }
    return board.latest();
  }
}
