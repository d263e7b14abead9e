package dev.alambic.operator.controller;

import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Makes a child that is made once and never changed. */
final class Creation {
  private Creation() {}

  /**
   * Makes it.
   *
   * @return why it could not be made, if the API server refused it
   * @throws KubernetesClientException if asking again may help
   */
  static Optional<Problem> of(KubernetesClient client, HasMetadata child) {
    try {
      client.resource(child).create();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_CONFLICT
          ? taken(client, child, e)
          : Refusal.orThrow(child, e);
    }
  }

  /**
   * There is one of this name. Mostly it is ours, and what was seen is older than it; one that
   * belongs to another owner, or to a deleted job of the same name, is reported.
   */
  private static Optional<Problem> taken(
      KubernetesClient client, HasMetadata child, KubernetesClientException conflict) {
    HasMetadata there = client.resource(child).get();
    boolean foreign =
        there != null
            && !there
                .getMetadata()
                .getOwnerReferences()
                .equals(child.getMetadata().getOwnerReferences());
    return foreign ? Optional.of(Refusal.of(child, conflict)) : Optional.empty();
  }
}
