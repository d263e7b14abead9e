package dev.alambic.bench.server;

import dev.alambic.bench.report.Provenance;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A teacher's throughput over gRPC beside its model's forward pass alone, in one process. */
@Command(
    name = "teacher-server",
    mixinStandardHelpOptions = true,
    description = "Tokens/s of a teacher over gRPC beside its model's forward pass alone")
public final class TeacherServerCommand implements Callable<Integer> {
  /** About what a language model of these sizes has once it is trained. */
  private static final double TRAINED_NATS = 2.5;

  private static final int WARM_UP = 3;

  @Option(names = "--threads", description = "Threads of the engine (default: ${DEFAULT-VALUE})")
  private int threads = 1;

  @Option(names = "--rounds", description = "Rounds of each model (default: ${DEFAULT-VALUE})")
  private int rounds = 31;

  @Option(
      names = "--models",
      split = ",",
      description = "Models by number, smallest first (default: ${DEFAULT-VALUE})")
  private List<Integer> models = List.of(1, 2, 3, 4);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Torch.start(threads);
    List<ServerCost> costs = new ArrayList<>();
    for (int number : models) {
      ServedModel model = ServedModel.all().get(number - 1);
      for (double nats : new double[] {TRAINED_NATS, Double.NaN}) {
        System.err.printf("%d parameters%n", model.shape().parameters());
        costs.add(ServerCost.measure(model, nats, WARM_UP, rounds));
        System.err.print(ServerCostTable.of(costs.subList(costs.size() - 1, costs.size())).text());
      }
    }
    String command = "bench/run teacher-server --threads %d --rounds %d".formatted(threads, rounds);
    System.out.println(Provenance.now(command).text());
    System.out.print(ServerCostTable.of(costs).text());
    return 0;
  }
}
