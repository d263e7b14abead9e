package dev.alambic.cli.scaling;

/**
 * One step on a number of trainer GPUs.
 *
 * @param problem why there is none, one line; the rest is null then
 */
public record ScalingRow(int gpus, String problem, Layout layout, StepTime step, Outcome outcome) {

  /**
   * What comes of it.
   *
   * @param stepSeconds a whole step
   * @param mfu model operations over the GPUs' BF16 peak; recomputation is not counted (PaLM, arXiv
   *     2204.02311)
   * @param efficiency tokens a second and GPU, over those of the table's first row that has any
   * @param teacherGpus that neither wait nor are waited for; null if the teacher's size is not
   *     known
   * @param totalGpus trainers' and teachers'; null like {@code teacherGpus}
   * @param days for the token budget
   * @param bf16GatherStepSeconds a step if parameters were gathered in BF16
   */
  public record Outcome(
      double stepSeconds,
      double tokensPerSecond,
      double mfu,
      double efficiency,
      Integer teacherGpus,
      Integer totalGpus,
      double days,
      double bf16GatherStepSeconds) {}

  static ScalingRow none(int gpus, String problem) {
    return new ScalingRow(gpus, problem, null, null, null);
  }
}
