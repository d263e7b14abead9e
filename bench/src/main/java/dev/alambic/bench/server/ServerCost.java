package dev.alambic.bench.server;

import com.sun.management.OperatingSystemMXBean;
import dev.alambic.bench.report.Numbers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What was measured of one model.
 *
 * @param entropy mean of a position, nats
 * @param distinctIds mean of a position
 */
record ServerCost(ServedModel model, double entropy, double distinctIds, List<Round> rounds) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * The same sequences three times, one way after the other, so that whatever else the machine does
   * falls on all of them.
   *
   * @param forward the forward pass to the logits, and no more
   * @param scoring signals made in this process
   * @param serving signals asked for over gRPC
   */
  record Round(Cost forward, Cost scoring, Cost serving) {
    static Round of(ServedTeacher teacher) {
      return new Round(cost(teacher::forward), cost(teacher::score), cost(teacher::serve));
    }
  }

  /**
   * What a piece of work took.
   *
   * @param seconds by the clock on the wall
   * @param processorSeconds of all threads of this process
   */
  record Cost(double seconds, double processorSeconds) {}

  private static Cost cost(Runnable work) {
    long processor = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Cost(seconds, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
  }

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
    return model.positions() / Numbers.median(rounds, round -> round.forward.seconds);
  }

  /** Tokens per second of scoring in this process, as a share of the forward pass alone. */
  double scoringShare() {
    return Numbers.median(rounds, round -> round.forward.seconds / round.scoring.seconds);
  }

  /** Tokens per second over gRPC, as a share of the forward pass alone. */
  double servingShare() {
    return Numbers.median(rounds, round -> round.forward.seconds / round.serving.seconds);
  }

  /** The same of tokens per second of processor time, the client's included. */
  double processorShare() {
    return Numbers.median(
        rounds, round -> round.forward.processorSeconds / round.serving.processorSeconds);
  }
}
