package dev.alambic.api.v1alpha1;

/** How the student's distribution is compared with the teacher's. */
public enum Divergence {
  /** KL(teacher || student): cover everything the teacher considers likely. */
  ForwardKL,
  /** KL(student || teacher): avoid what the teacher considers unlikely. */
  ReverseKL,
  /** Generalised Jensen-Shannon divergence with weight {@code beta}. */
  JensenShannon
}
