package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class LeanSerializationTest {
  private static final String MAP =
      """
      {"apiVersion": "v1", "kind": "ConfigMap",
       "metadata": {"name": "a", "labels": {"b": "c"},
         "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:data": {"f:k": {}}}}]},
       "data": {"k": "v"}}
      """;

  @Test
  void managedFieldsAreNotKeptAndNothingElseIsLost() {
    ConfigMap map = LeanSerialization.create().unmarshal(MAP, ConfigMap.class);

    assertThat(map.getMetadata().getManagedFields()).isEmpty();
    assertThat(map.getMetadata().getAdditionalProperties()).isEmpty();
    assertThat(map.getMetadata().getLabels()).containsEntry("b", "c");
    assertThat(map.getData()).containsEntry("k", "v");
  }

  @Test
  void anEventIsWrittenWholeAndReadInPart() {
    KubernetesSerialization serialization = LeanSerialization.create();
    Event event =
        new EventBuilder()
            .withNewInvolvedObject()
            .withUid("1")
            .endInvolvedObject()
            .withReason("FailedCreate")
            .withMessage("exceeded quota")
            .withLastTimestamp("2026-12-01T12:00:00Z")
            .withCount(3)
            .build();

    String written = serialization.asJson(event);
    Event read = serialization.unmarshal(written, Event.class);

    assertThat(written).contains("\"reason\":\"FailedCreate\"", "\"count\":3");
    assertThat(read.getReason()).isNull();
    assertThat(read.getCount()).isNull();
    assertThat(read.getAdditionalProperties()).isEmpty();
    assertThat(read.getMessage()).isEqualTo("exceeded quota");
    assertThat(read.getLastTimestamp()).isEqualTo("2026-12-01T12:00:00Z");
    assertThat(read.getInvolvedObject().getUid()).isEqualTo("1");
  }
}
