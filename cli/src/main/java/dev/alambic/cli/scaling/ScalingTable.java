package dev.alambic.cli.scaling;

import dev.alambic.operator.plan.RunPlan;
import java.util.List;

/**
 * Calculated step times of a student on more and more GPUs of a cluster.
 *
 * @param sequences of the batch that the job asks for
 * @param utilization share of the BF16 peak that matrix products reach
 * @param compute where the time of the first row's passes goes; null if no row has any
 * @param assumptions what else was taken for granted, and from where
 */
public record ScalingTable(
    Cluster cluster,
    int sequences,
    double utilization,
    List<ScalingRow> rows,
    Shares compute,
    List<Assumption> assumptions) {

  /**
   * Shares of the passes' time.
   *
   * @param products BF16 matrix products and all that is counted with them
   * @param fp32Products the head's gradient
   * @param memory attention's scores, logits, casts
   */
  public record Shares(double products, double fp32Products, double memory) {
    static Shares of(Work work, Speed speed) {
      double all = speed.seconds(work);
      return new Shares(
          work.bf16() / speed.bf16() / all,
          work.fp32() / speed.fp32() / all,
          work.bytes() / speed.bytes() / all);
    }
  }

  /**
   * The table of a plan.
   *
   * @param teacherParameters null if not known
   */
  public static ScalingTable of(
      RunPlan plan, Long teacherParameters, Cluster cluster, double utilization) {
    return new ScalingCalculation(plan, teacherParameters, cluster, utilization).table();
  }
}
