package dev.alambic.bench.nccl;

import dev.alambic.bench.process.Workers;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Provenance;
import dev.alambic.failure.RunException;
import dev.alambic.parallel.Cuda;
import dev.alambic.parallel.Nccl;
import dev.alambic.parallel.NcclCommunicator;
import dev.alambic.parallel.NcclLibrary;
import dev.alambic.parallel.World;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** NCCL's collectives on this machine's GPUs; without one, what can be seen without one. */
@Command(
    name = "nccl",
    description = "NCCL's collectives through our binding: results, then throughput")
public final class NcclCommand implements Callable<Integer> {
  private static final int FLOATS_PER_MEBIBYTE = 1 << 18;

  /** Of the arrays that results are seen on: divisible by 4096 x 1, 2, 4 and 8, and not. */
  private static final List<Integer> VERIFIED = List.of(32768, 8191, 65);

  @Option(names = "--mebibytes", split = ",", description = "Of the array")
  private List<Integer> mebibytes = List.of(1, 32, 512);

  @Option(names = "--rounds", description = "Of each")
  private int rounds = 20;

  @Option(names = "--tensors", description = "On PyTorch's tensors as well, as a trainer does")
  private boolean tensors;

  /** From a folder that {@code bench/nccl pack} made, where no other benchmark's libraries are. */
  public static void main(String[] arguments) {
    System.exit(Benchmark.execute(new NcclCommand(), arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    System.out.print(Provenance.text("bench/nccl"));
    if (tensors) {
      System.out.println(TensorRound.run());
    }
    Nccl nccl = NcclLibrary.load();
    System.out.println("NCCL " + NcclCommunicator.version(nccl, World.ALONE));
    Optional<Cuda> cuda = Cuda.driver();
    int gpus = cuda.map(Gpu::count).orElse(0);
    if (gpus == 0) {
      withoutGpu(nccl);
      return 0;
    }
    MarkdownTable table =
        new MarkdownTable("collective | GPUs | MiB | ms %.3f | array GB/s %.1f | bus GB/s %.1f");
    for (int size = 1; size <= gpus; size *= 2) {
      int ranks = size;
      byte[] id = NcclCommunicator.uniqueId(nccl, World.ALONE);
      List<World> worlds =
          IntStream.range(0, ranks).mapToObj(rank -> new World(rank, ranks)).toList();
      // The first that fails ends it: the others would wait for that one forever.
      new Workers<World>(ranks)
          .forEach(worlds, world -> measure(nccl, cuda.get(), world, id, table));
    }
    System.out.print(table.text());
    return 0;
  }

  private static void withoutGpu(Nccl nccl) {
    byte[] id = NcclCommunicator.uniqueId(nccl, World.ALONE);
    System.out.println(
        "no GPU here: nothing measured; a unique id of " + id.length + " bytes; then");
    try (NcclCommunicator unexpected = NcclCommunicator.open(nccl, World.ALONE, id)) {
      System.out.println("joined a communicator of " + unexpected.world().size());
    } catch (RunException e) {
      System.out.println(e.getMessage());
    }
  }

  /** All ranks do the same; the first fills the table. */
  private void measure(Nccl nccl, Cuda cuda, World world, byte[] id, MarkdownTable table) {
    long longest = mebibytes.stream().mapToLong(Integer::longValue).max().orElse(1);
    long floats = Math.max(longest * FLOATS_PER_MEBIBYTE, VERIFIED.get(0));
    try (Rank rank = new Rank(nccl, cuda, world, id, floats)) {
      VERIFIED.forEach(rank::verify);
      if (world.rank() == 0) {
        System.out.printf("%d of %s: all results right%n", world.size(), rank.gpuName());
      }
      for (int size : mebibytes) {
        long count = (long) size * FLOATS_PER_MEBIBYTE;
        for (Collective collective : Collective.values()) {
          row(table, world, size, collective, "", rank.seconds(collective, count, rounds));
          if (collective.segmented() && world.size() > 1) {
            double seconds = rank.seconds(collective, count - 1, rounds);
            row(table, world, size, collective, ", uneven", seconds);
          }
        }
      }
    }
  }

  private static void row(
      MarkdownTable table,
      World world,
      int mebibytes,
      Collective collective,
      String kind,
      double seconds) {
    if (world.rank() == 0) {
      double gigabytes = (double) mebibytes * FLOATS_PER_MEBIBYTE * Float.BYTES / 1e9;
      table.row(
          collective.label() + kind,
          world.size(),
          mebibytes,
          seconds * 1e3,
          gigabytes / seconds,
          collective.busFactor(world.size()) * gigabytes / seconds);
    }
  }
}
