package dev.alambic.cli.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.cli.DocsPage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The calculation held against throughput that others measured with FSDP. In each series one number
 * is taken from the first run, the utilization; the others are calculated. Sources: mosaicml/
 * llm-foundry, scripts/train/benchmarking/README.md (T = 2048; amp_bf16 with MP mode DEFAULT
 * gathers in BF16 and sums in FP32, PURE does both in BF16); pytorch/torchtitan,
 * benchmarks/llama3_h100_202412_torchtitan.md (T = 8192).
 */
class PublishedRunsTest {
  private static final Cluster H100 = Cluster.H100;
  private static final Cluster A100 =
      new Cluster(
          new Accelerator("A100", 312e12, 19.5e12, 40_000_000_000L, 1.555e12), 8, 300e9, 25e9);
  private static final Cluster H100_HBM2E =
      new Cluster(new Accelerator("H100", 989e12, 67e12, 96_000_000_000L, 2.4e12), 8, 450e9, 50e9);
  private static final Exchange BF16 = new Exchange(2, 2);

  /**
   * One run.
   *
   * @param sequences in a micro-batch
   * @param passes micro-batches in a step
   * @param published tokens a second and GPU
   */
  private record Run(int gpus, int sequences, int passes, double published) {}

  private record Series(
      String name,
      Cluster cluster,
      Exchange exchange,
      StepWork work,
      int sequenceLength,
      boolean recompute,
      List<Run> runs) {

    /** Tokens a second and GPU. */
    double throughput(Run run, double utilization) {
      long each = (long) run.sequences() * sequenceLength;
      Passes passes = new Passes(each * run.passes(), each, recompute);
      StepTime step =
          StepSimulation.of(
              work,
              Speed.of(cluster.gpu(), utilization),
              cluster.ring(run.gpus()),
              exchange,
              Sharding.Full,
              passes);
      return passes.tokens() / step.seconds();
    }

    /** At which the first run is as fast as published; by bisection. */
    double utilization() {
      double low = 0;
      double high = 1;
      for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        boolean slower = throughput(runs.get(0), middle) < runs.get(0).published();
        low = slower ? middle : low;
        high = slower ? high : middle;
      }
      return low;
    }

    double calculated(Run run) {
      return throughput(run, utilization());
    }

    /** How far the calculation is above what was measured, as a share. */
    double off(Run run) {
      return calculated(run) / run.published() - 1;
    }
  }

  private static final List<Series> ALL =
      List.of(
          mpt(
              "MPT 1B",
              24,
              2048,
              H100,
              Exchange.BF16_PARAMETERS,
              false,
              run(8, 14, 1, 45455),
              run(16, 20, 1, 46037),
              run(32, 20, 1, 45130),
              run(64, 20, 1, 44402)),
          mpt(
              "MPT 3B",
              32,
              2560,
              H100,
              Exchange.BF16_PARAMETERS,
              false,
              run(16, 10, 3, 24142),
              run(32, 6, 3, 23021),
              run(64, 6, 3, 22525)),
          mpt(
              "MPT 13B",
              40,
              5120,
              H100,
              Exchange.BF16_PARAMETERS,
              false,
              run(8, 2, 1, 4792),
              run(16, 2, 1, 4767),
              run(32, 2, 1, 4811),
              run(64, 2, 1, 4800)),
          mpt(
              "MPT 30B",
              48,
              7168,
              H100,
              Exchange.BF16_PARAMETERS,
              true,
              run(8, 3, 21, 2002),
              run(16, 10, 3, 2263),
              run(32, 14, 3, 2308)),
          mpt(
              "MPT 70B",
              80,
              8192,
              H100,
              Exchange.BF16_PARAMETERS,
              true,
              run(32, 2, 16, 882),
              run(64, 8, 4, 1039)),
          mpt(
              "MPT 7B",
              32,
              4096,
              A100,
              BF16,
              true,
              run(8, 12, 4, 3679),
              run(16, 16, 1, 3645),
              run(32, 18, 1, 3725),
              run(64, 18, 1, 3665),
              run(128, 18, 1, 3623)),
          mpt(
              "MPT 13B",
              40,
              5120,
              A100,
              BF16,
              true,
              run(8, 4, 16, 1668),
              run(16, 10, 1, 1993),
              run(32, 14, 1, 1998),
              run(64, 16, 1, 1976),
              run(128, 16, 1, 1972)),
          mpt(
              "MPT 1B",
              24,
              2048,
              A100,
              BF16,
              false,
              run(8, 8, 8, 19271),
              run(16, 8, 1, 19085),
              run(32, 10, 1, 15555),
              run(64, 10, 1, 19001),
              run(128, 10, 1, 18647)),
          mpt(
              "MPT 3B",
              32,
              2560,
              A100,
              BF16,
              false,
              run(8, 5, 8, 10065),
              run(16, 5, 1, 9750),
              run(32, 6, 1, 9914),
              run(64, 6, 1, 9736),
              run(128, 6, 1, 9538)),
          mpt("MPT 30B", 48, 7168, A100, BF16, true, run(32, 4, 1, 857), run(128, 6, 1, 865)),
          mpt("MPT 70B", 80, 8192, A100, BF16, true, run(64, 2, 1, 276), run(128, 4, 1, 376)),
          llama("Llama 3.1 8B", run(8, 2, 1, 5762), run(128, 2, 1, 5605)),
          llama("Llama 3.1 8B, compiled", run(8, 2, 1, 6667), run(128, 2, 1, 6514)));

  private static Run run(int gpus, int sequences, int passes, double published) {
    return new Run(gpus, sequences, passes, published);
  }

  /** Feed-forward of four times the width, positions learned, vocabulary 50368. */
  private static Series mpt(
      String name,
      int layers,
      int width,
      Cluster cluster,
      Exchange exchange,
      boolean recompute,
      Run... runs) {
    int time = 2048;
    double square = (double) width * width;
    StepWork work =
        fused(
            layers,
            Math.round(12 * square),
            (50_368L + time) * width,
            24 * square + 4.0 * width * time,
            6.0 * 50_368 * width);
    return new Series(
        name + ", " + cluster.gpu().name(),
        cluster,
        exchange,
        work,
        time,
        recompute,
        List.of(runs));
  }

  /** 32 layers of width 4096, eight heads of keys and values, feed-forward 14336. */
  private static Series llama(String name, Run... runs) {
    long layer = 2L * 4096 * 4096 + 2L * 4096 * 1024 + 3L * 4096 * 14_336;
    long matrix = 128_256L * 4096;
    StepWork work = fused(32, layer, 2 * matrix, 2.0 * layer + 2.0 * 4096 * 8192, 6.0 * matrix);
    return new Series(
        name + ", H100", H100_HBM2E, Exchange.BF16_PARAMETERS, work, 8192, false, List.of(runs));
  }

  /** With attention and optimizer in fused kernels, and all products in BF16. */
  private static StepWork fused(int layers, long layer, long ends, double forward, double head) {
    return new StepWork(
        layers,
        new StepWork.Counts(layer, ends, 0),
        new Cost(Work.ofBf16(forward), Work.NONE),
        new Cost(Work.ofBf16(2 * forward), Work.NONE),
        new Cost(Work.ofBf16(head), Work.NONE),
        new Cost(Work.NONE, Work.NONE),
        Work.ofBytes(28),
        Double.NaN);
  }

  /** 32 A100s with MPT 1B are slower than 16 and than 64; no calculation says that. */
  private static boolean outlier(Run run) {
    return run.published() == 15555;
  }

  private static boolean similar(Series series, Run run) {
    return run.sequences() < 2 * series.runs().get(0).sequences();
  }

  /** Mostly too fast: nobody of the calculated waits for a straggler. */
  @Test
  void runsWithASimilarMicroBatchAreAsFastAsCalculated() {
    for (Series series : ALL) {
      for (Run run : series.runs()) {
        if (similar(series, run) && !outlier(run)) {
          assertThat(series.off(run)).as("%s on %s", series.name(), run).isBetween(-0.02, 0.07);
        }
      }
    }
  }

  /** Where memory is so tight that passes are small, a GPU is slower than one number can say. */
  @Test
  void aMuchLargerMicroBatchIsFasterThanCalculated() {
    for (Series series : ALL) {
      for (Run run : series.runs()) {
        if (!similar(series, run)) {
          assertThat(series.off(run)).as("%s on %s", series.name(), run).isBetween(-0.27, -0.1);
        }
      }
    }
  }

  @Test
  void utilizationsAreTheOnesThatOthersReach() {
    assertThat(ALL).allSatisfy(series -> assertThat(series.utilization()).isBetween(0.29, 0.7));
  }

  @Test
  void thePageShowsThem() throws IOException {
    String table =
        "| model and GPU | utilization | GPUs | sequences in a pass | published | calculated | off |\n"
            + "| :--- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            + ALL.stream().map(PublishedRunsTest::row).collect(Collectors.joining());
    DocsPage.of("scaling.md").assertPartIs("published", table, PublishedRunsTest.class);
  }

  private static String row(Series series) {
    return text(
        "| %s | %.2f | %s | %s | %s | %s | %s |\n",
        series.name(),
        series.utilization(),
        joined(series, "%.0f", Run::gpus),
        joined(series, "%.0f", Run::sequences),
        joined(series, "%.0f", Run::published),
        joined(series, "%.0f", series::calculated),
        joined(series, "%+.0f %%", run -> 100 * series.off(run) + 0.0));
  }

  private static String joined(Series series, String format, ToDoubleFunction<Run> each) {
    return series.runs().stream()
        .map(run -> text(format, each.applyAsDouble(run)).replace("-0 %", "+0 %"))
        .collect(Collectors.joining(", "));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
