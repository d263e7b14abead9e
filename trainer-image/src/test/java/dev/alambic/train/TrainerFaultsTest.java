package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.checkpoint.CheckpointManifest;
import dev.alambic.checkpoint.CheckpointStore;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.HostWeights;
import dev.alambic.checkpoint.Snapshot;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.checkpoint.TrainedTensors;
import dev.alambic.corpus.Corpus;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.io.FileTrees;
import dev.alambic.model.Decoder;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.step.RunState;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run when numbers, checkpoints and volumes fail. Checkpoints each 5 steps. */
class TrainerFaultsTest {
  private static final long STEPS = 40;

  @TempDir private Path folder;
  private RunSpec spec;
  private ProgressBoard board;
  private Duration patience = Duration.ofMinutes(1);

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
  void badStepsAreSkippedAndCounted() {
    Progress end = run(0, batch -> batch >= 11 && batch < 14, TrainerFaultsTest::never);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(end.learning().badSteps()).isEqualTo(3);
    assertThat(end.learning().rollbacks()).isZero();
    assertThat(end.learning().trainLoss()).isFinite();
  }

  @Test
  void afterEightInARowTheWeightsGoBackToACheckpointAndTheDataGoesOn() throws IOException {
    IntPredicate bad = batch -> batch >= 12 && batch < 20;
    Progress end = run(0, bad, TrainerFaultsTest::never);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(end.learning().badSteps()).isEqualTo(8);
    assertThat(end.learning().rollbacks()).isOne();
    byte[] weights = student();

    FileTrees.delete(folder.resolve("checkpoints"));
    FileTrees.delete(folder.resolve("student"));
    AtomicInteger asked = new AtomicInteger();
    run(0, bad, () -> asked.incrementAndGet() == 17); // amid the bad ones, after 16 steps
    assertThat(checkpoints()).containsExactly("step-000000000010", "step-000000000016");
    Progress resumed = run(16, bad, TrainerFaultsTest::never);
    assertThat(resumed.learning().badSteps()).isEqualTo(8);
    assertThat(resumed.learning().curve()).isEqualTo(end.learning().curve());
    assertThat(student()).isEqualTo(weights);
  }

  @Test
  void afterRollbacksToEachCheckpointItFailsAndSaysWhatToDo() {
    IntPredicate bad = batch -> batch >= 12;
    assertThatThrownBy(() -> run(0, bad, TrainerFaultsTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("step 36: loss or gradient was not finite, or exploded, 8 times")
        .hasMessageContaining("after 2 rollbacks")
        .hasMessageContaining("lower training.peakLearningRate")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void withoutACheckpointThereIsNothingToGoBackTo() {
    assertThatThrownBy(() -> run(0, batch -> batch >= 1, TrainerFaultsTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("after 0 rollbacks");
  }

  @Test
  void aDamagedCheckpointIsNamedAndSkippedForTheOneBefore() throws IOException {
    run(0, batch -> false, TrainerFaultsTest::never);
    byte[] weights = student();
    Path newest = folder.resolve("checkpoints/step-%012d".formatted(STEPS));
    Path moments = newest.resolve("optimizer-0-of-1.safetensors");
    byte[] bytes = Files.readAllBytes(moments);
    bytes[bytes.length / 2] ^= 1;
    Files.write(moments, bytes);

    Progress end = run((int) STEPS - 5, batch -> false, TrainerFaultsTest::never);
    assertThat(end.saved().damaged())
        .containsExactly(
            new Progress.Damage(
                newest.toString(),
                "optimizer-0-of-1.safetensors is not what was written: its SHA-256 differs"));
    assertThat(student()).isEqualTo(weights);
    assertThat(CheckpointManifest.damage(newest)).as("written again").isEmpty();
  }

  @Test
  void aRunWhoseCheckpointsAreAllDamagedIsNotBegunAnew() throws IOException {
    run(0, batch -> false, TrainerFaultsTest::never);
    for (String name : checkpoints()) {
      Files.delete(folder.resolve("checkpoints").resolve(name).resolve("model/config.json"));
    }
    assertThatThrownBy(() -> run(0, batch -> false, TrainerFaultsTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("no checkpoint is sound")
        .hasMessageContaining("step-000000000040: model/config.json is not there")
        .hasMessageContaining("delete them all to restart");
    assertThat(checkpoints())
        .containsExactly("step-000000000030", "step-000000000035", "step-000000000040");
  }

  @Test
  void whatAKilledTrainerBeganIsCleanedUp() throws IOException {
    Path begun = folder.resolve("checkpoints/.step-000000000005.partial/model");
    Files.createDirectories(begun);
    Files.writeString(begun.resolve("model.safetensors"), "half");
    run(0, batch -> false, TrainerFaultsTest::never);
    assertThat(begun.getParent()).doesNotExist();
  }

  @Test
  void aFullDiskNowAndThenIsToldAndTheRunGoesOn() {
    List<String> told = new ArrayList<>();
    Store store =
        new Store(
            write -> {
              told.add(board.latest().saved().failure());
              if (write == 2 || write == 3) {
                throw new FileSystemException("f", null, "No space left on device");
              }
            });
    Progress end = run(0, batch -> false, TrainerFaultsTest::never, store);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(end.saved().failure()).isNull();
    assertThat(told.subList(0, 3)).containsExactly(null, null, "f: No space left on device");
  }

  @Test
  void aDiskThatStaysFullEndsTheRunAndTheLastGoodCheckpointStays() throws IOException {
    Store store =
        new Store(
            write -> {
              if (write >= 3) {
                throw new FileSystemException("f", null, "No space left on device");
              }
            });
    assertThatThrownBy(() -> run(0, batch -> false, TrainerFaultsTest::never, store))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("No space left on device")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.IO);
    assertThat(checkpoints()).containsExactly("step-000000000005", "step-000000000010");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(folder.resolve("checkpoints"), "a file where the folder should be");
    assertThatThrownBy(() -> run(0, batch -> false, TrainerFaultsTest::never))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("checkpoints/step-")
        .hasMessageContaining("the checkpoint cannot be written");
  }

  @Test
  void aSlowVolumeDoesNotHoldUpTheTraining() throws IOException {
    patience = Duration.ofMillis(1);
    CountDownLatch later = new CountDownLatch(1);
    Store store =
        new Store(
            write -> {
              if (write == 1) {
                later.await();
              }
            });
    BooleanSupplier letGoAtStep20 =
        () -> {
          if (board.latest().position().step() == 20) {
            assertThat(board.latest().saved().checkpoint()).isNull();
            assertThat(board.latest().saved().failure()).startsWith("the volume is slow");
            later.countDown();
          }
          return false;
        };
    Progress end = run(0, batch -> false, letGoAtStep20, store);
    assertThat(end.position().tokens()).isEqualTo(end.position().tokenBudget());
    assertThat(end.saved().failure()).isNull();
    assertThat(checkpoints()).contains("step-000000000040");
  }

  /** Something that fails when a checkpoint is written: the first, the second and so on. */
  private interface Fault {
    void at(int write) throws IOException, InterruptedException;
  }

  /** Real checkpoints, but for a fault before each write. */
  private final class Store implements CheckpointStore {
    private final Checkpoints checkpoints =
        new Checkpoints(
            spec, StudentFingerprint.of(spec, Map.of("data", TestSpecs.corpus().digest())));
    private final Fault fault;
    private int writes;

    Store(Fault fault) {
      this.fault = fault;
    }

    @Override
    public Optional<RunState> restore(
        TrainedTensors tensors, Predicate<RunState> wanted, Consumer<Progress.Damage> damaged) {
      return checkpoints.restore(tensors, wanted, damaged);
    }

    @Override
    public Progress.Checkpoint write(Snapshot snapshot) throws IOException {
      try {
        fault.at(++writes);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return checkpoints.write(snapshot);
    }

    @Override
    public String export(HostWeights student) {
      return checkpoints.export(student);
    }
  }

  private static boolean never() {
    return false;
  }

  private byte[] student() throws IOException {
    return Files.readAllBytes(folder.resolve("student/model.safetensors"));
  }

  private List<String> checkpoints() throws IOException {
    try (var files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /**
   * A run.
   *
   * @param first batch that it begins with
   * @param bad which batches give a loss that is no number
   */
  private Progress run(int first, IntPredicate bad, BooleanSupplier stop) {
    return run(
        first,
        bad,
        stop,
        new Checkpoints(
            spec, StudentFingerprint.of(spec, Map.of("data", TestSpecs.corpus().digest()))));
  }

  private Progress run(int first, IntPredicate bad, BooleanSupplier stop, CheckpointStore store) {
    board = new ProgressBoard(spec, System::nanoTime);
    Corpus corpus = TestSpecs.corpus();
    try (Decoder student = TestSpecs.student(spec.training().numerics().seed());
        Trainer trainer =
            new Trainer(
                spec,
                student,
                TestSpecs.alone(student),
                new CorpusMaterial(spec, corpus, teacher(corpus, first, bad), student),
                store,
                board,
                stop,
                patience)) {
      board.ended(trainer.run(), null);
    }
    return board.latest();
  }

  /** Training batches are asked for in their order; held-out text is always answered well. */
  private static SignalSource teacher(Corpus corpus, int first, IntPredicate bad) {
    AtomicInteger batch = new AtomicInteger(first);
    return sequences -> {
      boolean training =
          LongStream.range(0, corpus.sample().count())
              .anyMatch(i -> Arrays.equals(corpus.sample().sequence(i), sequences.get(0)));
      boolean poisoned = training && bad.test(batch.getAndIncrement());
      return TestSpecs.teacher()
          .score(sequences)
          .thenApply(good -> poisoned ? good.stream().map(TrainerFaultsTest::nan).toList() : good);
    };
  }

  private static Signal nan(Signal signal) {
    SampledSignal sampled = (SampledSignal) signal;
    float[] entropy = sampled.entropy().clone();
    Arrays.fill(entropy, Float.NaN);
    return new SampledSignal(
        sampled.draws(),
        sampled.labelLogProbability(),
        entropy,
        sampled.ids(),
        sampled.counts(),
        sampled.offsets());
  }
}
