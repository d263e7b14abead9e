package dev.alambic.operator.plan;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * A request that a job finish now, as an annotation on it: the learning rate decays at once, the
 * student is written, and the rest of the budget is saved.
 */
public final class FinishRequest {
  public static final String ANNOTATION = "alambic.dev/finish";
  public static final String NOW = "now";

  private FinishRequest() {}

  /** Whether the job carries it. */
  public static boolean isIn(ObjectMeta metadata) {
    return metadata.getAnnotations() != null
        && NOW.equals(metadata.getAnnotations().get(ANNOTATION));
  }
}
