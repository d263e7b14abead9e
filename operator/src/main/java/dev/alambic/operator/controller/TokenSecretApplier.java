package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.render.TokenSecret;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes the Secrets of teachers' tokens. The operator may make Secrets and do nothing else with
 * them: that one is there is known from making it once more.
 */
final class TokenSecretApplier {
  private static final String REPLACE_PODS =
      """
      {"spec": {"template": {"metadata": {"annotations": {"alambic.dev/token-made": "%s"}}}}}""";

  private final KubernetesClient client;
  private final Supplier<String> tokens;

  /**
   * An applier.
   *
   * @param tokens a new one each time, which cannot be guessed
   */
  TokenSecretApplier(KubernetesClient client, Supplier<String> tokens) {
    this.client = client;
    this.tokens = tokens;
  }

  /**
   * Makes a job's Secret, if it has one and that is not there.
   *
   * @param teacher as it was seen, or null
   * @return why it could not be made, if the API server refused it
   * @throws KubernetesClientException if asking again may help
   */
  Optional<Problem> make(DistillationJob job, Deployment teacher) {
    if (!TokenSecret.isFor(job)) {
      return Optional.empty();
    }
    Secret secret = TokenSecret.of(job, tokens.get());
    try {
      replacePods(teacher, client.resource(secret).create().getMetadata().getUid());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT
          ? Optional.empty()
          : Refusal.orThrow(secret, e);
    }
  }

  /**
   * Pods that are older than the Secret demand a token that is lost. The annotation is not part of
   * what is applied, which leaves it as it is.
   */
  private void replacePods(Deployment teacher, String made) {
    boolean hasPods =
        teacher != null && !Integer.valueOf(0).equals(teacher.getSpec().getReplicas());
    if (hasPods) {
      client.resource(teacher).patch(ChildApplier.MERGE, REPLACE_PODS.formatted(made));
    }
  }
}
