package dev.alambic.bench.server;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A teacher's throughput over gRPC beside its model's forward pass alone, in one process. */
@Command(
    name = "teacher-server",
    description = "Tokens/s of a teacher over gRPC beside its model's forward pass alone")
public final class TeacherServerCommand extends Benchmark {
  /** About what a language model of these sizes has once it is trained. */
  private static final double TRAINED_NATS = 2.5;

  private static final int WARM_UP = 3;

  @Option(names = "--threads", description = "Threads of the engine")
  private int threads = 1;

  @Option(names = "--rounds", description = "Rounds of each model")
  private int rounds = 31;

  @Option(names = "--models", split = ",", description = "Models by number, smallest first")
  private List<Integer> models = List.of(1, 2, 3, 4);

  @Override
  protected String measure() throws IOException, InterruptedException {
    Torch.start(threads);
    MarkdownTable table =
        new MarkdownTable(
            "parameters | hidden | vocabulary | entropy | ids of 50 draws | forward tokens/s"
                + " | scorer / forward | server / forward | in processor time");
    for (int number : models) {
      ServedModel model = ServedModel.all().get(number - 1);
      for (double nats : new double[] {TRAINED_NATS, Double.NaN}) {
        row(table, ServerCost.measure(model, nats, WARM_UP, rounds));
        System.err.print(table.text());
      }
    }
    return table.text();
  }

  private static void row(MarkdownTable table, ServerCost cost) {
    DecoderConfig shape = cost.model().shape();
    table.row(
        count(shape.parameters()),
        shape.hiddenSize(),
        shape.vocabulary().size(),
        decimal(1, cost.entropy()),
        decimal(1, cost.distinctIds()),
        decimal(0, cost.forwardTokensPerSecond()),
        decimal(2, cost.scoringShare()),
        decimal(2, cost.servingShare()),
        decimal(2, cost.processorShare()));
  }
}
