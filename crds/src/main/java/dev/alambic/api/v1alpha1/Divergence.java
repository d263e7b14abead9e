package dev.alambic.api.v1alpha1;

/** How the student's distribution is compared with the teacher's. */
public enum Divergence {
  /** KL(teacher || student): cover all that the teacher would say. */
  ForwardKL,
  /** KL(student || teacher): say nothing the teacher would not. */
  ReverseKL,
  /** Generalised Jensen-Shannon divergence with weight {@code beta}. */
  JensenShannon
}
