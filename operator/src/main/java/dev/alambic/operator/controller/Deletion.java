package dev.alambic.operator.controller;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Deletes exactly the object that was seen, if it is still that one. */
final class Deletion {
  private Deletion() {}

  /** Deletes it, unless it is being deleted already. */
  static void of(KubernetesClient client, HasMetadata seen, DeletionPropagation propagation) {
    of(client, seen, propagation, null);
  }

  /**
   * Deletes it, unless it is being deleted already.
   *
   * @param graceSeconds that its containers have to end; null for the pod's own grace period
   */
  static void of(
      KubernetesClient client,
      HasMetadata seen,
      DeletionPropagation propagation,
      Long graceSeconds) {
    if (seen == null || seen.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    try {
      client.raw(path(seen), "DELETE", exactly(seen, propagation, graceSeconds));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static String path(HasMetadata seen) {
    return "/%s/%s/namespaces/%s/%s/%s"
        .formatted(
            seen.getApiVersion().contains("/") ? "apis" : "api",
            seen.getApiVersion(),
            seen.getMetadata().getNamespace(),
            seen.getPlural(),
            seen.getMetadata().getName());
  }

  /** By uid, and as told what depends on it goes: the client's own delete cannot say both. */
  private static DeleteOptions exactly(
      HasMetadata seen, DeletionPropagation propagation, Long graceSeconds) {
    return new DeleteOptionsBuilder()
        .withPropagationPolicy(propagation.toString())
        .withGracePeriodSeconds(graceSeconds)
        .withNewPreconditions()
        .withUid(seen.getMetadata().getUid())
        .endPreconditions()
        .build();
  }
}
