package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.Divergence;

/**
 * A way to post-train.
 *
 * @param onPolicyFraction share of the answers that are the student's; the teacher wrote the others
 */
record Arm(String name, Divergence divergence, double onPolicyFraction) {
  static final Arm ON_POLICY = new Arm("on-policy reverse KL", Divergence.ReverseKL, 1);
  static final Arm OFF_POLICY = new Arm("off-policy forward KL", Divergence.ForwardKL, 0);
}
