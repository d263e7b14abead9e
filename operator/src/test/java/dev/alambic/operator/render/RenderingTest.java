package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for all children alike. */
class RenderingTest {
  private static final String EVERYTHING =
      """
      {student: {initFrom: {uri: pvc://models/small}}, data: {validationUri: pvc://held/out},
       checkpoint: {keep: 2, volume: {storageClassName: fast, retention: Delete}},
       teacher: {pod: {labels: {a: b, c: d, e: f}, annotations: {g: h, i: j}, nodeSelector: {k: l}}},
       trainer: {pod: {env: [{name: A, value: b}], tolerations: [{operator: Exists}]}}}
      """;

  @Test
  void whatIsMountedComesBeforeWhoMountsIt() {
    assertThat(Rendered.of().standing())
        .extracting(child -> child.getKind() + "/" + child.getMetadata().getName())
        .containsExactly(
            "NetworkPolicy/quickstart-teacher",
            "NetworkPolicy/quickstart-trainer",
            "ConfigMap/quickstart-run",
            "PersistentVolumeClaim/quickstart-checkpoints",
            "Service/quickstart-teacher",
            "Service/quickstart-trainer",
            "PodDisruptionBudget/quickstart-teacher",
            "Deployment/quickstart-teacher");
  }

  @Test
  void volumesAreLeftOutWhenNotWanted() {
    Rendered job = Rendered.of();
    assertThat(Rendering.standing(job.job(), job.plan(), 2, false, Rendered.SETTINGS))
        .hasSize(7)
        .noneMatch(PersistentVolumeClaim.class::isInstance);
  }

  @Test
  void everyChildSaysWhatItIsAndWhoseItIs() {
    for (HasMetadata child : all(Rendered.named("my.job", EVERYTHING))) {
      assertThat(child.getApiVersion()).isNotBlank();
      assertThat(child.getMetadata().getNamespace()).isEqualTo("research");
      assertThat(child.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/name", "alambic")
          .containsEntry("app.kubernetes.io/managed-by", "alambic")
          .containsEntry("app.kubernetes.io/instance", Names.of("my.job").base())
          .containsEntry("alambic.dev/job", Names.of("my.job").base())
          .containsKey("app.kubernetes.io/component");
      assertThat(child.getMetadata().getAnnotations())
          .containsEntry("alambic.dev/job-name", "my.job");
    }
  }

  @Test
  void everyChildGoesWithItsJob() {
    OwnerReference owner =
        new OwnerReference(
            "alambic.dev/v1alpha1",
            true,
            true,
            "DistillationJob",
            "my.job",
            "11111111-2222-3333-4444-555555555555");
    assertThat(all(Rendered.named("my.job", EVERYTHING)))
        .allSatisfy(
            child -> assertThat(child.getMetadata().getOwnerReferences()).containsExactly(owner));
  }

  @Test
  void renderedTwiceIsTheSame() {
    Rendered first = Rendered.of(EVERYTHING);
    Rendered second = Rendered.of(EVERYTHING);
    assertThat(all(second)).isEqualTo(all(first));
    assertThat(Serialization.asJson(all(second))).isEqualTo(Serialization.asJson(all(first)));
  }

  @Test
  void everyChildIsReadBackAsItWasWritten() {
    for (HasMetadata child : all(Rendered.of(EVERYTHING))) {
      String yaml = Serialization.asYaml(child);
      assertThat(Serialization.asYaml(Serialization.unmarshal(yaml, child.getClass())))
          .isEqualTo(yaml);
    }
  }

  @Test
  void nothingEmptyIsWritten() {
    for (HasMetadata child : all(Rendered.of())) {
      // {"emptyDir": {}} is how the API itself says it.
      assertThat(
              empty(
                  Serialization.unmarshal(Serialization.asJson(child), JsonNode.class),
                  child.getKind()))
          .filteredOn(path -> !path.endsWith("/emptyDir"))
          .isEmpty();
    }
  }

  @Test
  void thePodsAreToldThePlan() {
    Rendered job = Rendered.of();
    String json = job.child(ConfigMap.class, "quickstart-run").getData().get("run.json");
    assertThat(RunJson.read(json, RunSpec.class))
        .isEqualTo(job.plan().toRunSpec(Storage.placement(job.job())));
  }

  private static List<HasMetadata> all(Rendered job) {
    List<HasMetadata> all = new ArrayList<>(job.standing());
    all.add(job.trainer());
    return all;
  }

  private static List<String> empty(JsonNode node, String path) {
    List<String> found = new ArrayList<>();
    if (node.isNull() || (node.isContainerNode() && node.isEmpty())) {
      found.add(path);
    }
    node.properties()
        .forEach(field -> found.addAll(empty(field.getValue(), path + "/" + field.getKey())));
    if (node.isArray()) {
      node.forEach(item -> found.addAll(empty(item, path + "/*")));
    }
    return found;
  }
}
