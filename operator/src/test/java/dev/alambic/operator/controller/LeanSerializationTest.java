package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
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
}
