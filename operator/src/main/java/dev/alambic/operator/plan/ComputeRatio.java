package dev.alambic.operator.plan;

/**
 * Operations per parameter and token: 6 for a student (arXiv 2001.08361), 8 where activations are
 * recomputed; 2 for a teacher. Attention over the sequence is not counted.
 */
public final class ComputeRatio {
  public static final int TEACHER_FLOPS = 2;

  private ComputeRatio() {}

  /** Of the student. */
  public static int studentFlops(RunPlan plan) {
    return plan.training().numerics().recomputeActivations() ? 8 : 6;
  }

  /** Teacher GPUs per trainer GPU at which neither waits. */
  public static double teacherPerTrainer(RunPlan plan, double teacherParameters) {
    return TEACHER_FLOPS
        * teacherParameters
        / (studentFlops(plan) * (double) plan.architecture().parameters());
  }
}
