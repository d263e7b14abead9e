package dev.alambic.operator.render;

import dev.alambic.operator.plan.FinishRequest;
import java.util.Map;
import java.util.TreeMap;

/** Labels and annotations of a job's children. */
public final class Labels {
  /** Whose child it is: {@link Names#base()}. */
  public static final String JOB = "alambic.dev/job";

  /** Annotation: the whole name of the job. */
  public static final String JOB_NAME = "alambic.dev/job-name";

  /** Annotation on a trainer Job: the budget it was started with, in tokens. */
  public static final String TOKEN_BUDGET = "alambic.dev/token-budget";

  /** Annotation on a trainer Job: the pods that it was started with; 1 where it is missing. */
  public static final String TRAINERS = "alambic.dev/trainers";

  /** Annotation on a trainer Job: processes in each of its pods; 1 where it is missing. */
  public static final String TRAINERS_PER_POD = "alambic.dev/trainers-per-pod";

  /** Annotation on a trainer Job: the sharding that it was started with. */
  public static final String SHARDING = "alambic.dev/sharding";

  /** Annotation on a trainer Job that was started to finish at once: {@code now}. */
  public static final String FINISH = FinishRequest.ANNOTATION;

  /**
   * Annotation on a Job that was suspended because its work has ended while other containers of its
   * pods went on: the exit code.
   */
  public static final String ENDED = "alambic.dev/ended";

  /** Annotation on a Job: a digest of what it was made of. */
  public static final String MADE_OF = "alambic.dev/made-of";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String COMPONENT = "app.kubernetes.io/component";
  private static final String NAME = "app.kubernetes.io/name";
  private static final String INSTANCE = "app.kubernetes.io/instance";
  private static final String ALAMBIC = "alambic";

  /** Selects every child of every job. */
  public static final String ALL_CHILDREN = MANAGED_BY + "=" + ALAMBIC + "," + JOB;

  private Labels() {}

  /** The labels of a child; those of {@link #selector} are among them. */
  public static Map<String, String> of(Names names, Role role) {
    Map<String, String> labels = new TreeMap<>(selector(names, role));
    labels.put(NAME, ALAMBIC);
    labels.put(INSTANCE, names.base());
    labels.put(MANAGED_BY, ALAMBIC);
    return labels;
  }

  /** Those of {@link #of} by which pods are selected; users may not set them. */
  static Map<String, String> selecting(Names names, Role role) {
    Map<String, String> labels = selector(names, role);
    labels.put(MANAGED_BY, ALAMBIC);
    return labels;
  }

  /** What selects the pods of one role of a job. */
  public static Map<String, String> selector(Names names, Role role) {
    return new TreeMap<>(Map.of(JOB, names.base(), COMPONENT, role.component()));
  }
}
