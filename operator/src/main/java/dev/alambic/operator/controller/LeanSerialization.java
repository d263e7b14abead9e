package dev.alambic.operator.controller;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Reads Kubernetes objects without {@code managedFields}: the operator never reads them, and they
 * are more than half of the cached objects of a job.
 */
final class LeanSerialization {
  private LeanSerialization() {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  /** A serialization of its own; for the whole life of a client. */
  static KubernetesSerialization create() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    return new KubernetesSerialization(mapper, true);
  }
}
