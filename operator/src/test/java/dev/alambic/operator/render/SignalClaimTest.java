package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalClaimTest {

  @Test
  void aCacheWithoutAClaimGetsOneForTheWholeBudget() {
    PersistentVolumeClaim claim =
        Rendered.of("tokenBudget: 1B", "signal: {cache: {volume: {}}}")
            .child(PersistentVolumeClaim.class, "quickstart-signals");
    // 1e9 tokens of 8 + 4 x 25 bytes.
    assertThat(claim.getSpec().getResources().getRequests().get("storage")).hasToString("101Gi");
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
  }

  @Test
  void severalTrainersMountItFromAnyNode() {
    PersistentVolumeClaim claim =
        Rendered.of("trainer: {replicas: 2}", "signal: {cache: {volume: {}}}")
            .child(PersistentVolumeClaim.class, "quickstart-signals");
    assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteMany");
  }

  @Test
  void aClaimThatIsThereIsMountedAndNotMade() {
    Rendered rendered = Rendered.of("signal: {cache: {volume: {claimName: shared}}}");
    assertThat(rendered.standing())
        .filteredOn(PersistentVolumeClaim.class::isInstance)
        .extracting(claim -> claim.getMetadata().getName())
        .containsExactly("quickstart-checkpoints");
    assertThat(mounts(rendered, Role.Trainer)).contains("/alambic/signals");
    assertThat(mounts(rendered, Role.Teacher)).doesNotContain("/alambic/signals");
  }

  private static List<String> mounts(Rendered rendered, Role role) {
    return rendered.pod(role).getSpec().getContainers().get(0).getVolumeMounts().stream()
        .map(VolumeMount::getMountPath)
        .toList();
  }
}
