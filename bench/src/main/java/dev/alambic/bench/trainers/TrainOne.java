package dev.alambic.bench.trainers;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.bench.process.Malloc;
import dev.alambic.bench.process.ProcessMemory;
import dev.alambic.bench.process.ProcessMemory.Peak;
import dev.alambic.bench.recipe.RandomText;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.parallel.TcpCollectives;
import dev.alambic.parallel.World;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The program of a fresh process: one trainer of a run, what it took on standard output. */
final class TrainOne {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RunSpec spec;

  /**
   * What came of one trainer's run.
   *
   * @param inUse bytes that were had from the allocator and not freed, at the peak, less those
   *     before the student was made with the engine started
   * @param resident the same of what Linux counts, which the allocator may hold for later
   * @param losses of each evaluation, nats per token
   */
  record Result(long inUse, long resident, List<Double> losses) {
    /** The largest difference between two curves, nats per token; 0 if they are the same bits. */
    double difference(Result other) {
      if (losses.size() != other.losses.size()) {
        throw new IllegalArgumentException(
            "curves of " + losses.size() + " and " + other.losses.size() + " points");
      }
      return IntStream.range(0, losses.size())
          .mapToDouble(i -> Math.abs(losses.get(i) - other.losses.get(i)))
          .max()
          .orElse(0);
    }
  }

  private TrainOne(RunSpec spec) {
    this.spec = spec;
  }

  /** Takes the run's file, and a rank. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    RunSpec spec = RunJson.read(Files.readString(Path.of(arguments[0])), RunSpec.class);
    World world = new World(Integer.parseInt(arguments[1]), spec.trainers().count());
    Torch.start(spec.threads());
    try (Collectives collectives = meet(world, spec)) {
      System.out.println(RunJson.write(new TrainOne(spec).run(collectives)));
    }
    System.exit(0);
  }

  private static Collectives meet(World world, RunSpec spec) throws InterruptedException {
    return world.size() == 1
        ? new SingleProcess()
        : TcpCollectives.open(world, spec.trainers().each(), new byte[32], PATIENCE, words -> {});
  }

  private Result run(Collectives collectives) {
    DecoderConfig shape = spec.student().architecture();
    RandomText text = new RandomText(shape.vocabulary().size(), spec.training().sequenceLength());
    NDManager manager = Torch.newManager();
    manager.ones(new Shape(64, 64)).matMul(manager.ones(new Shape(64, 64))).toFloatArray();
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    long inUse = Malloc.inUse();
    long resident = ProcessMemory.anonymous().getAsLong();
    Partition partition = Partition.of(spec.trainers().sharding(), collectives, manager);
    try (Peak peakInUse = new Peak(Malloc::inUse);
        Peak peakResident = new Peak(ProcessMemory.anonymous());
        Decoder student = student(manager, partition);
        Trainer trainer =
            new Trainer(
                spec,
                student,
                partition,
                new CorpusMaterial(
                    spec, text.corpus(Setup.BATCH), text.teacher(), student, collectives),
                new Checkpoints(
                    spec, StudentFingerprint.of(spec, Map.of("data", "random")), collectives),
                board,
                () -> false)) {
      trainer.run();
      return new Result(
          peakInUse.bytes() - inUse,
          peakResident.bytes() - resident,
          board.latest().learning().curve().stream().map(CurvePoint::loss).toList());
    }
  }

  private Decoder student(NDManager manager, Partition partition) {
    DecoderConfig shape = spec.student().architecture();
    DecoderParameters parameters =
        DecoderParameters.random(manager, shape, spec.training().numerics().seed(), partition);
    return new Decoder(manager, shape, parameters, spec.training().numerics().precision());
  }
}
