package dev.alambic.api.v1alpha1;

/** Who answers for the teacher. */
public enum TeacherRuntime {
  /** Alambic's own teacher server. */
  Builtin,
  /** An OpenAI-compatible server (such as vLLM). */
  OpenAI
}
