package dev.alambic.bench.collectives;

import dev.alambic.bench.nccl.Collective;
import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Numbers;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Collectives over TCP between fresh processes, beside pairs of as many that only move bytes. */
@Command(
    name = "collectives",
    description = "Throughput of the collectives over TCP on loopback, beside a bare socket's")
public final class CollectivesCommand extends Benchmark {
  @Option(names = "--processes", split = ",", description = "Even")
  private List<Integer> processes = List.of(2, 4);

  @Option(names = "--mebibytes", split = ",", description = "Of the array")
  private List<Integer> mebibytes = List.of(1, 16, 64);

  @Option(names = "--rounds", description = "Of each")
  private int rounds = 21;

  @Option(names = "--turns", description = "All of it, in turn")
  private int turns = 3;

  private final Map<Who, List<Asked.Answer>> measured = new HashMap<>();

  /**
   * What processes measure, all at the same time and equally often.
   *
   * @param addresses host:port of each, by rank
   * @param mebibytes of arrays
   * @param rounds of each
   */
  record Asked(List<String> addresses, List<Integer> mebibytes, int rounds) {
    static final List<Collective> COLLECTIVES =
        List.of(Collective.ALL_REDUCE, Collective.REDUCE_SCATTER, Collective.ALL_GATHER);

    /** Enough for the compiler, also of small arrays, which come first. */
    private static final int WARM_UP_ROUNDS = 40;

    /**
     * What a process measured.
     *
     * @param seconds of one round, the median, in the order of what was asked
     */
    record Answer(List<Double> seconds) {}

    static int bytes(int mebibytes) {
      return Math.multiplyExact(mebibytes, 1 << 20);
    }

    /** The median time of a round, in seconds. */
    <E extends Exception> double median(Stopwatch.Round<E> round) throws E {
      return Stopwatch.median(new Pace(WARM_UP_ROUNDS, rounds, 0), round);
    }
  }

  /** Several processes of a program. */
  private record Who(Class<?> program, int count) {}

  @Override
  protected String measure() throws IOException, InterruptedException {
    for (int turn = 0; turn < turns; turn++) {
      for (int count : processes) {
        ask(SocketProcess.class, count);
        ask(CollectivesProcess.class, count);
      }
    }
    return table().text();
  }

  private MarkdownTable table() {
    MarkdownTable table =
        new MarkdownTable(
            "collective | processes | MiB | ms %.2f | array GB/s %.2f | bus GB/s %.2f"
                + " | socket GB/s %.2f | bus / socket %.2f");
    for (int count : processes) {
      Iterator<Double> socket = medians(SocketProcess.class, count);
      Iterator<Double> seconds = medians(CollectivesProcess.class, count);
      for (int size : mebibytes) {
        double gigabytes = Asked.bytes(size) / 1e9;
        double ceiling = gigabytes / socket.next();
        for (Collective collective : Asked.COLLECTIVES) {
          double taken = seconds.next();
          double bus = collective.busFactor(count) * gigabytes / taken;
          table.row(
              collective.label(),
              count,
              size,
              taken * 1e3,
              gigabytes / taken,
              bus,
              ceiling,
              bus / ceiling);
        }
      }
    }
    return table;
  }

  /** The answer is that of rank 0. */
  private void ask(Class<?> program, int count) throws IOException, InterruptedException {
    Asked asked = new Asked(FreshJvm.addresses(count), mebibytes, rounds);
    String answer = FreshJvm.ranks(List.of(), program, count, RunJson.write(asked)).get(0);
    measured
        .computeIfAbsent(new Who(program, count), who -> new ArrayList<>())
        .add(RunJson.read(answer, Asked.Answer.class));
  }

  /** Of what was measured in turn, in the order of what was asked. */
  private Iterator<Double> medians(Class<?> program, int count) {
    List<Asked.Answer> all = measured.get(new Who(program, count));
    return IntStream.range(0, all.get(0).seconds().size())
        .mapToObj(i -> Numbers.median(all, answer -> answer.seconds().get(i)))
        .iterator();
  }
}
