package dev.alambic.bench.server;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.report.MarkdownTable;
import java.util.List;

/** The table of measured costs. */
final class ServerCostTable {
  private ServerCostTable() {}

  static MarkdownTable of(List<ServerCost> costs) {
    MarkdownTable table =
        new MarkdownTable(
            "parameters",
            "hidden",
            "vocabulary",
            "entropy",
            "ids of 50 draws",
            "forward tokens/s",
            "scorer / forward",
            "server / forward",
            "in processor time");
    for (ServerCost cost : costs) {
      table.row(
          count(cost.model().shape().parameters()),
          Integer.toString(cost.model().shape().hiddenSize()),
          Integer.toString(cost.model().shape().vocabulary().size()),
          decimal(1, cost.entropy()),
          decimal(1, cost.distinctIds()),
          decimal(0, cost.forwardTokensPerSecond()),
          decimal(2, cost.scoringShare()),
          decimal(2, cost.servingShare()),
          decimal(2, cost.processorShare()));
    }
    return table;
  }
}
