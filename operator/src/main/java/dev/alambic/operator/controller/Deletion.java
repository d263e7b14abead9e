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
    if (seen == null || seen.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    try {
      client.raw(path(seen), "DELETE", exactly(seen, propagation));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static String path(HasMetadata seen) {
    return "/apis/%s/namespaces/%s/%s/%s"
        .formatted(
            seen.getApiVersion(),
            seen.getMetadata().getNamespace(),
            seen.getPlural(),
            seen.getMetadata().getName());
  }

  /** By uid, and as told what depends on it goes: the client's own delete cannot say both. */
  private static DeleteOptions exactly(HasMetadata seen, DeletionPropagation propagation) {
    return new DeleteOptionsBuilder()
        .withPropagationPolicy(propagation.toString())
        .withNewPreconditions()
        .withUid(seen.getMetadata().getUid())
        .endPreconditions()
        .build();
  }
}
