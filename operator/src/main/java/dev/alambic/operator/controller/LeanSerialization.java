package dev.alambic.operator.controller;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Leaves out, on reading, what would only fill the caches: {@code managedFields}, which are more
 * than half of the objects of a job, and all of an event but its object, time and message, as a
 * cluster has tens of thousands of them. What is written is complete.
 */
final class LeanSerialization {
  private LeanSerialization() {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  @JsonIgnoreProperties(
      value = {
        "action",
        "count",
        "eventTime",
        "firstTimestamp",
        "reason",
        "related",
        "reportingComponent",
        "reportingInstance",
        "series",
        "source"
      },
      allowGetters = true)
  private interface MessageAlone {}

  /** A serialization of its own; for the whole life of a client. */
  static KubernetesSerialization create() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    mapper.addMixIn(Event.class, MessageAlone.class);
    return new KubernetesSerialization(mapper, true);
  }
}
