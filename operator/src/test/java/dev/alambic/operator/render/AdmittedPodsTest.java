package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.kueue.PodAdditions;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmittedPodsTest {
  private static final Toleration SPOT =
      new TolerationBuilder().withKey("spot").withOperator("Exists").build();
  private static final Map<String, PodAdditions> ADDITIONS =
      Map.of(
          "trainer",
          new PodAdditions(
              Map.of("pool", "spot"),
              List.of(SPOT),
              Map.of("alambic.dev/job", "other", "team", "a"),
              Map.of("note", "b")));
  private static final Rendered JOB =
      Rendered.of(
          "trainer: {pod: {nodeSelector: {pool: mine, disk: ssd},"
              + " tolerations: [{key: spot, operator: Exists}]}}");

  @Test
  void podsGetWhatTheirAdmissionAdds() {
    PodTemplateSpec pod = AdmittedPods.of(JOB.trainer(), ADDITIONS).getSpec().getTemplate();
    assertThat(pod.getSpec().getNodeSelector()).isEqualTo(Map.of("pool", "spot", "disk", "ssd"));
    assertThat(pod.getSpec().getTolerations()).containsExactly(SPOT);
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("alambic.dev/job", "quickstart")
        .containsEntry("team", "a");
    assertThat(pod.getMetadata().getAnnotations()).containsKeys("note", "alambic.dev/job-name");
  }

  @Test
  void otherChildrenStayAsTheyAre() {
    assertThat(AdmittedPods.of(JOB.teacher(), ADDITIONS)).isEqualTo(JOB.teacher());
    assertThat(AdmittedPods.of(JOB.trainer(), Map.of())).isEqualTo(JOB.trainer());
    JOB.standing().forEach(child -> assertThat(AdmittedPods.of(child, Map.of())).isEqualTo(child));
  }
}
