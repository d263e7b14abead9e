package dev.alambic.cli.scaling;

import dev.alambic.operator.plan.Batch;
import dev.alambic.operator.plan.ComputeRatio;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of one plan on more and more GPUs. */
final class ScalingCalculation {
  private static final List<Integer> GPUS = List.of(8, 16, 32, 64, 128, 256, 512);
  private static final double SECONDS_PER_DAY = 86_400;

  private final RunPlan plan;
  private final RunSpec.Training training;
  private final Long teacherParameters;
  private final Cluster cluster;
  private final double utilization;
  private final StepWork work;
  private final Speed speed;

  ScalingCalculation(RunPlan plan, Long teacherParameters, Cluster cluster, double utilization) {
    this.plan = plan;
    this.training = plan.training();
    this.teacherParameters = teacherParameters;
    this.cluster = cluster;
    this.utilization = utilization;
    this.work =
        StepWork.of(
            plan.architecture(), training.numerics().precision(), training.sequenceLength());
    this.speed = Speed.of(cluster.gpu(), utilization);
  }

  ScalingTable table() {
    List<ScalingRow> rows = new ArrayList<>();
    for (int gpus : GPUS) {
      rows.add(row(gpus, first(rows)));
    }
    ScalingTable.Shares shares =
        first(rows)
            .map(row -> ScalingTable.Shares.of(work.perToken(row.layout().recompute()), speed))
            .orElse(null);
    return new ScalingTable(
        cluster,
        training.batchSequences(),
        utilization,
        List.copyOf(rows),
        shares,
        Assumption.of(cluster, utilization));
  }

  private static Optional<ScalingRow> first(List<ScalingRow> rows) {
    return rows.stream().filter(row -> row.problem() == null).findFirst();
  }

  /** Of a batch that cannot be shared evenly some sequences are left out. */
  private ScalingRow row(int gpus, Optional<ScalingRow> first) {
    int sequences = training.batchSequences();
    if (sequences < gpus) {
      return ScalingRow.none(
          gpus,
          "the batch has only %d sequences: set spec.training.batchTokens to %d or more"
              .formatted(sequences, (long) gpus * training.sequenceLength()));
    }
    Batch batch = new Batch(training.sequenceLength(), sequences - sequences % gpus);
    return Layout.fitting(
            plan.architecture(), training.numerics().precision(), batch, cluster.gpu(), gpus)
        .map(layout -> row(gpus, layout, first))
        .orElseGet(
            () -> ScalingRow.none(gpus, "a GPU cannot hold its part and one sequence at a time"));
  }

  private ScalingRow row(int gpus, Layout layout, Optional<ScalingRow> first) {
    StepTime step = step(gpus, layout, Exchange.FP32);
    double tokens = (double) layout.sequences() * training.sequenceLength();
    double tokensPerSecond = tokens / step.seconds();
    double perGpu = tokensPerSecond / gpus;
    double best = first.map(row -> row.outcome().tokensPerSecond() / row.gpus()).orElse(perGpu);
    Integer teachers = teacherGpus(tokensPerSecond);
    return new ScalingRow(
        gpus,
        null,
        layout,
        step,
        new ScalingRow.Outcome(
            step.seconds(),
            tokensPerSecond,
            work.modelFlops() * perGpu / cluster.gpu().bf16(),
            perGpu / best,
            teachers,
            teachers == null ? null : gpus + teachers,
            training.tokenBudget() / tokensPerSecond / SECONDS_PER_DAY,
            step(gpus, layout, Exchange.BF16_PARAMETERS).seconds()));
  }

  private StepTime step(int gpus, Layout layout, Exchange exchange) {
    return StepSimulation.of(
        work,
        speed,
        cluster.ring(gpus),
        exchange,
        layout.sharding(),
        layout.passes(gpus, training.sequenceLength()));
  }

  private Integer teacherGpus(double tokensPerSecond) {
    if (teacherParameters == null) {
      return null;
    }
    double operations = tokensPerSecond * ComputeRatio.TEACHER_FLOPS * teacherParameters;
    return (int) Math.ceil(operations / (utilization * cluster.gpu().bf16()));
  }
}
