package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.TeacherServer;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;

/**
 * The Secret with what a job's teacher demands and its trainer shows. It is made once, with a token
 * that is written once and never read again: the pods get it from the platform.
 */
public final class TokenSecret {
  private static final String KEY = "token";

  private TokenSecret() {}

  /**
   * Whether the job has one: it has where its own pods answer, unless the user gives the key. In
   * mode Offline has no teacher to ask.
   */
  public static boolean isFor(DistillationJob job) {
    return !Offline.is(job.getSpec())
        && !TeacherServer.exists(job.getSpec().teacher())
        && job.getSpec().teacher().apiKey() == null;
  }

  /** Its name. */
  public static String name(DistillationJob job) {
    return Child.names(job).teacherToken(job.getMetadata().getUid());
  }

  /** The Secret, immutable, so that it cannot change under the pods that use it. */
  public static Secret of(DistillationJob job, String token) {
    return new SecretBuilder()
        .withMetadata(Child.metadata(job, name(job), Role.Teacher))
        .withImmutable(true)
        .addToStringData(KEY, token)
        .build();
  }

  /** The variable of this name that holds it, if the job has one. */
  static List<EnvVar> variable(DistillationJob job, String name) {
    return isFor(job) ? List.of(secret(name, name(job), KEY)) : List.of();
  }

  /** A variable whose value is in a Secret of the job's namespace. */
  static EnvVar secret(String variable, String name, String key) {
    return new EnvVarBuilder()
        .withName(variable)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, name, null)
        .endValueFrom()
        .build();
  }
}
