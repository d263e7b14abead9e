package dev.alambic.bench.server;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.median;

import com.sun.management.OperatingSystemMXBean;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.server.ServedTeacher.Model;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
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
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Option(names = "--threads", description = "Threads of the engine")
  private int threads = 1;

  @Option(names = "--rounds", description = "Rounds of each model")
  private int rounds = 31;

  @Option(names = "--models", split = ",", description = "Models by number, smallest first")
  private List<Integer> models = List.of(1, 2, 3, 4);

  /**
   * What a piece of work took.
   *
   * @param seconds by the clock on the wall
   * @param processor seconds of all threads of this process
   */
  private record Cost(double seconds, double processor) {
    static Cost of(Runnable work) {
      long processor = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      work.run();
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Cost(seconds, (SYSTEM.getProcessCpuTime() - processor) / 1e9);
    }
  }

  /**
   * The same sequences three times, one way after the other, so that whatever else the machine does
   * falls on all of them.
   *
   * @param forward the forward pass to the logits, and no more
   * @param scoring signals made in this process
   * @param serving signals asked for over gRPC
   */
  private record Round(Cost forward, Cost scoring, Cost serving) {}

  @Override
  protected String measure() throws IOException, InterruptedException {
    Torch.start(threads);
    MarkdownTable table =
        new MarkdownTable(
            "parameters | hidden | vocabulary | entropy %.1f | ids of 50 draws %.1f | forward tokens/s %.0f"
                + " | scorer / forward %.2f | server / forward %.2f | in processor time %.2f");
    for (int number : models) {
      Model model = Model.all().get(number - 1);
      for (double nats : new double[] {TRAINED_NATS, Double.NaN}) {
        row(table, model, nats);
        System.err.print(table.text());
      }
    }
    return table.text();
  }

  /** Ratios are of tokens per second, or in processor time, and medians of the rounds' own. */
  private void row(MarkdownTable table, Model model, double nats)
      throws IOException, InterruptedException {
    try (ServedTeacher teacher = new ServedTeacher(model, nats)) {
      List<Round> measured = new ArrayList<>();
      for (int i = -WARM_UP; i < rounds; i++) {
        Round round =
            new Round(Cost.of(teacher::forward), Cost.of(teacher::score), Cost.of(teacher::serve));
        if (i >= 0) {
          measured.add(round);
        }
      }
      DecoderConfig shape = model.shape();
      table.row(
          count(shape.parameters()),
          shape.hiddenSize(),
          shape.vocabulary().size(),
          teacher.entropy(),
          teacher.distinctIds(),
          model.positions() / median(measured, r -> r.forward.seconds),
          median(measured, r -> r.forward.seconds / r.scoring.seconds),
          median(measured, r -> r.forward.seconds / r.serving.seconds),
          median(measured, r -> r.forward.processor / r.serving.processor));
    }
  }
}
