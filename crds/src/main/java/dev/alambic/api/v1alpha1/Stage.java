package dev.alambic.api.v1alpha1;

/** What the student learns from. */
public enum Stage {
  /** The teacher's probabilities over a corpus. */
  PreTraining,
  /** The student answers prompts, the teacher annotates the answers (on-policy). */
  PostTraining
}
