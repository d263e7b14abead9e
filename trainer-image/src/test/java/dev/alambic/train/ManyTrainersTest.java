package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.corpus.Corpus;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.Ranks;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Several trainers of one student, as threads of this process, against one that is alone. */
class ManyTrainersTest {
  private static final long STEPS = 24;

  @TempDir Path folder;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** What came of a run: rank 0's progress, and the student's bytes. */
  private record Outcome(Progress progress, byte[] student) {
    List<CurvePoint> curve() {
      return progress.learning().curve();
    }
  }

  @ParameterizedTest
  @CsvSource({"2,None", "4,None", "2,Optimizer", "4,Optimizer", "4,Full"})
  void asManySharesGiveTheSameBitsOnAnyNumberOfTrainers(int trainers, Sharding sharding)
      throws Exception {
    Outcome alone = run("alone", 1, Sharding.None, 4, 2);
    Outcome together = run("together", trainers, sharding, 4, 2);

    assertThat(together.curve()).isEqualTo(alone.curve());
    assertThat(together.student()).isEqualTo(alone.student());
    assertThat(together.progress().stage().state()).isEqualTo(State.Complete);
  }

  /** Two trainers of two shares each add one share after the other. */
  @ParameterizedTest
  @CsvSource({"2,Full,2", "2,None,1", "4,None,2"})
  void inAnotherOrderTheSumsDifferInTheirLastBits(int trainers, Sharding sharding, int micro)
      throws Exception {
    Outcome alone = run("alone", 1, Sharding.None, 1, 4);
    Outcome together = run("together", trainers, sharding, trainers, micro);

    assertThat(together.curve()).hasSameSizeAs(alone.curve());
    for (int i = 0; i < alone.curve().size(); i++) {
      assertThat(together.curve().get(i).crossEntropy())
          .isCloseTo(alone.curve().get(i).crossEntropy(), within(1e-4));
    }
  }

  @ParameterizedTest
  @CsvSource({"Optimizer", "Full", "None"})
  void aRunGoesOnWithFewerTrainers(Sharding sharding) throws Exception {
    Outcome undisturbed = run("undisturbed", 4, sharding, 4, 2);

    stoppedAt(7, "resized", 4, sharding);
    stoppedAt(13, "resized", 2, sharding);
    Outcome resized = run("resized", 1, sharding, 4, 2);

    assertThat(resized.progress().saved().damaged()).isEmpty();
    if (sharding == Sharding.Full) {
      // Fewer trainers of whole shards add their shares in another order.
      CurvePoint last = undisturbed.curve().get(undisturbed.curve().size() - 1);
      assertThat(resized.curve().get(resized.curve().size() - 1).crossEntropy())
          .isCloseTo(last.crossEntropy(), within(1e-4));
    } else {
      assertThat(resized.curve()).isEqualTo(undisturbed.curve());
      assertThat(resized.student()).isEqualTo(undisturbed.student());
    }
  }

  @ParameterizedTest
  @CsvSource({"2,None", "2,Optimizer", "2,Full"})
  void aRunStoppedAndResumedEndsWithTheBitsOfOneThatWasNot(int trainers, Sharding sharding)
      throws Exception {
    Outcome undisturbed = run("undisturbed", trainers, sharding, trainers, 4);

    stoppedAt(9, "stopped", trainers, sharding);
    Outcome resumed = run("stopped", trainers, sharding, trainers, 4);

    assertThat(resumed.curve()).isEqualTo(undisturbed.curve());
    assertThat(resumed.student()).isEqualTo(undisturbed.student());
  }

  /** Two numbers have one sum, whoever adds them; its place is in a stream of its own here. */
  @ParameterizedTest
  @EnumSource
  void collectivesBesideTheComputationGiveTheSameBits(Sharding sharding) throws Exception {
    Outcome network = run("network", 2, sharding, 2, 4);
    RunSpec spec = spec("gpus", 2, sharding, 2, 4);
    Outcome gpus = run(spec, rank -> () -> false, Ranks::runOnGpus);

    assertThat(gpus.curve()).isEqualTo(network.curve());
    assertThat(gpus.student()).isEqualTo(network.student());
  }

  @Test
  void aStopAskedOfOneIsAStopOfAll() throws Exception {
    RunSpec spec = spec("stop", 2, Sharding.Optimizer, 2, 4);
    AtomicInteger asked = new AtomicInteger();
    List<State> ends =
        Ranks.run(
            2,
            collectives ->
                train(
                    spec,
                    collectives,
                    new ProgressBoard(spec, System::nanoTime),
                    () -> collectives.world().rank() == 1 && asked.incrementAndGet() > 5));
    assertThat(ends).containsExactly(State.Suspended, State.Suspended);
    assertThat(checkpoints("stop")).containsExactly("step-000000000005");
  }

  private Outcome run(String name, int trainers, Sharding sharding, int shares, int microBatch)
      throws Exception {
    return run(spec(name, trainers, sharding, shares, microBatch), rank -> () -> false);
  }

  private void stoppedAt(int step, String name, int trainers, Sharding sharding) throws Exception {
    int shares = Math.max(trainers, name.equals("resized") ? 4 : trainers);
    RunSpec spec = spec(name, trainers, sharding, shares, shares == 4 ? 2 : 4);
    int done = checkpoints(name).isEmpty() ? 0 : lastStep(name);
    Outcome stopped =
        run(
            spec,
            rank -> {
              AtomicInteger steps = new AtomicInteger(done);
              return () -> steps.getAndIncrement() >= step;
            });
    assertThat(stopped.progress().position().tokens())
        .isEqualTo(step * spec.training().batchTokens());
  }

  private Outcome run(RunSpec spec, IntFunction<BooleanSupplier> stop) throws Exception {
    return run(spec, stop, Ranks::run);
  }

  private interface Together {
    List<Progress> run(int size, Ranks.Work<Progress> work) throws Exception;
  }

  private Outcome run(RunSpec spec, IntFunction<BooleanSupplier> stop, Together ranks)
      throws Exception {
    List<Progress> progress =
        ranks.run(
            spec.trainers().count(),
            collectives -> {
              ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
              BooleanSupplier asked = stop.apply(collectives.world().rank());
              board.ended(train(spec, collectives, board, asked), null);
              return board.latest();
            });
    assertThat(progress)
        .allSatisfy(
            p -> assertThat(p.learning().curve()).isEqualTo(progress.get(0).learning().curve()));
    Path student = Path.of(spec.student().outputPath()).resolve("model.safetensors");
    return new Outcome(
        progress.get(0), Files.exists(student) ? Files.readAllBytes(student) : new byte[0]);
  }

  private static State train(
      RunSpec spec, Collectives collectives, ProgressBoard board, BooleanSupplier stop) {
    Corpus corpus = TestSpecs.corpus();
    NDManager manager = Torch.newManager();
    Partition partition = Partition.of(spec.trainers().sharding(), collectives, manager);
    try (Decoder student = student(spec, manager, partition);
        Trainer trainer =
            new Trainer(
                spec,
                student,
                partition,
                new CorpusMaterial(spec, corpus, TestSpecs.teacher(), student, collectives),
                new Checkpoints(
                    spec,
                    StudentFingerprint.of(spec, Map.of("data", corpus.digest())),
                    collectives),
                board,
                stop)) {
      return trainer.run();
    }
  }

  private static Decoder student(RunSpec spec, NDManager manager, Partition partition) {
    return new Decoder(
        manager,
        TestSpecs.STUDENT,
        DecoderParameters.random(
            manager, TestSpecs.STUDENT, spec.training().numerics().seed(), partition),
        Precision.FP32);
  }

  private RunSpec spec(String name, int trainers, Sharding sharding, int shares, int microBatch)
      throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        run.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 0, \"</s>\": 1}}}");
    RunSpec.Training training =
        TestSpecs.training(STEPS, 3, STEPS / 4, 1e-2, Schedule.WarmupStableDecay);
    return TestSpecs.run(run, STEPS)
        .withTraining(TestSpecs.inMicroBatches(training, microBatch, sharding == Sharding.Full))
        .withTrainers(
            new RunSpec.Trainers(
                Collections.nCopies(trainers, "127.0.0.1:1"), sharding, shares, 1));
  }

  private List<String> checkpoints(String name) throws IOException {
    Path path = folder.resolve(name).resolve("checkpoints");
    if (!Files.exists(path)) {
      return List.of();
    }
    try (var files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private int lastStep(String name) throws IOException {
    List<String> all = checkpoints(name);
    return Integer.parseInt(all.get(all.size() - 1).substring("step-".length()));
  }
}
