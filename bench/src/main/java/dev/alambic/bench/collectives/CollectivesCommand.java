package dev.alambic.bench.collectives;

import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.process.Loopback;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Numbers;
import dev.alambic.bench.report.Provenance;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Collectives over TCP between fresh processes, beside pairs of as many that only move bytes. */
@Command(
    name = "collectives",
    mixinStandardHelpOptions = true,
    description = "Throughput of the collectives over TCP on loopback, beside a bare socket's")
public final class CollectivesCommand implements Callable<Integer> {
  @Option(names = "--processes", split = ",", description = "Even (default: ${DEFAULT-VALUE})")
  private List<Integer> processes = List.of(2, 4);

  @Option(names = "--mebibytes", split = ",", description = "(default: ${DEFAULT-VALUE})")
  private List<Integer> mebibytes = List.of(1, 16, 64);

  @Option(names = "--rounds", description = "(default: ${DEFAULT-VALUE})")
  private int rounds = 21;

  @Option(names = "--turns", description = "All of it, in turn (default: ${DEFAULT-VALUE})")
  private int turns = 3;

  private final Map<Who, List<Timings>> measured = new HashMap<>();

  /** Several processes of a program. */
  private record Who(Class<?> program, int count) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int turn = 0; turn < turns; turn++) {
      for (int count : processes) {
        measure(SocketProcess.class, count);
        measure(CollectivesProcess.class, count);
      }
    }
    print();
    return 0;
  }

  private void print() {
    MarkdownTable table =
        new MarkdownTable(
            "collective",
            "processes",
            "MiB",
            "ms",
            "array GB/s",
            "bus GB/s",
            "socket GB/s",
            "bus / socket");
    for (int count : processes) {
      List<Double> socket = medians(SocketProcess.class, count);
      Iterator<Double> seconds = medians(CollectivesProcess.class, count).iterator();
      for (int size = 0; size < mebibytes.size(); size++) {
        double gigabytes = Measurement.bytes(mebibytes.get(size)) / 1e9;
        double ceiling = gigabytes / socket.get(size);
        for (Operation operation : Operation.values()) {
          double taken = seconds.next();
          double bus = operation.busFactor(count) * gigabytes / taken;
          table.row(
              operation.label(),
              Integer.toString(count),
              Integer.toString(mebibytes.get(size)),
              Numbers.decimal(2, taken * 1e3),
              Numbers.decimal(2, gigabytes / taken),
              Numbers.decimal(2, bus),
              Numbers.decimal(2, ceiling),
              Numbers.decimal(2, bus / ceiling));
        }
      }
    }
    System.out.println(
        Provenance.now(
                "bench/run collectives --processes %s --mebibytes %s --rounds %d --turns %d"
                    .formatted(joined(processes), joined(mebibytes), rounds, turns))
            .text());
    System.out.print(table.text());
  }

  /** By several processes; the result is that of rank 0. */
  private void measure(Class<?> program, int count) throws IOException, InterruptedException {
    Measurement asked = new Measurement(Loopback.addresses(count), mebibytes, rounds);
    List<List<String>> commands = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      commands.add(FreshJvm.command(program, RunJson.write(asked), Integer.toString(rank)));
    }
    Timings timings = RunJson.read(FreshJvm.outputs(commands).get(0), Timings.class);
    measured.computeIfAbsent(new Who(program, count), who -> new ArrayList<>()).add(timings);
  }

  /** Of what was measured in turn, in the order of what was asked. */
  private List<Double> medians(Class<?> program, int count) {
    List<Timings> all = measured.get(new Who(program, count));
    return IntStream.range(0, all.get(0).seconds().size())
        .mapToObj(i -> Numbers.median(all.stream().mapToDouble(t -> t.seconds().get(i)).toArray()))
        .toList();
  }

  private static String joined(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
