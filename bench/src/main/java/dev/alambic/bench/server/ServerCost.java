package dev.alambic.bench.server;

import dev.alambic.bench.report.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of one model.
 *
 * @param entropy mean of a position, nats
 * @param distinctIds mean of a position
 */
record ServerCost(ServedModel model, double entropy, double distinctIds, List<Round> rounds) {
  /** Measures in this process, whose engine is started; warm-up rounds are not kept. */
  static ServerCost measure(ServedModel model, double nats, int warmUp, int rounds)
      throws IOException, InterruptedException {
    try (ServedTeacher teacher = new ServedTeacher(model, nats)) {
      List<Round> measured = new ArrayList<>();
      for (int i = 0; i < warmUp + rounds; i++) {
        measured.add(Round.of(teacher));
      }
      List<Round> kept = List.copyOf(measured.subList(warmUp, measured.size()));
      return new ServerCost(model, teacher.entropy(), teacher.distinctIds(), kept);
    }
  }

  /** Tokens per second of the forward pass alone. */
  double forwardTokensPerSecond() {
    return model.positions() / median(round -> round.forward().seconds());
  }

  /** Tokens per second of scoring in this process, as a share of the forward pass alone. */
  double scoringShare() {
    return median(round -> round.forward().seconds() / round.scoring().seconds());
  }

  /** Tokens per second over gRPC, as a share of the forward pass alone. */
  double servingShare() {
    return median(round -> round.forward().seconds() / round.serving().seconds());
  }

  /** The same of tokens per second of processor time, the client's included. */
  double processorShare() {
    return median(round -> round.forward().processorSeconds() / round.serving().processorSeconds());
  }

  private double median(ToDoubleFunction<Round> number) {
    return Numbers.median(rounds.stream().mapToDouble(number).toArray());
  }
}
