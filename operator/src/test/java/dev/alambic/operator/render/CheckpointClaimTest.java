package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Specs;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;

class CheckpointClaimTest {
  @Test
  void staysWithoutAnOwnerByDefault() {
    PersistentVolumeClaim claim = claim();
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getMetadata().getLabels()).containsEntry(Labels.JOB, "quickstart");
    assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
    assertThat(claim.getSpec().getStorageClassName()).isNull();
  }

  @Test
  void staysIfAsked() {
    assertThat(claim("checkpoint: {volume: {retention: Retain}}").getMetadata())
        .satisfies(metadata -> assertThat(metadata.getOwnerReferences()).isEmpty());
  }

  @Test
  void goesWithItsJobIfAsked() {
    assertThat(claim("checkpoint: {volume: {retention: Delete}}").getMetadata())
        .satisfies(metadata -> assertThat(metadata.getOwnerReferences()).hasSize(1));
  }

  @Test
  void isAsTheSpecSays() {
    PersistentVolumeClaim claim =
        claim("checkpoint: {volume: {size: 200Gi, storageClassName: fast}}");
    assertThat(size(claim)).isEqualTo(new Quantity("200Gi"));
    assertThat(claim.getSpec().getStorageClassName()).isEqualTo("fast");
  }

  @Test
  void aSizeMayHaveAFraction() {
    assertThat(size(claim("checkpoint: {volume: {size: 1.5Ti}}")))
        .isEqualTo(new Quantity("1536Gi"));
  }

  @Test
  void severalTrainersMountItFromAnyNodeUnlessTheSpecSaysOtherwise() {
    assertThat(claim("trainer: {replicas: 2}").getSpec().getAccessModes())
        .containsExactly("ReadWriteMany");
    assertThat(
            claim("trainer: {replicas: 2}", "checkpoint: {volume: {accessMode: ReadWriteOnce}}")
                .getSpec()
                .getAccessModes())
        .containsExactly("ReadWriteOnce");
    assertThat(
            claim("checkpoint: {volume: {accessMode: ReadWriteMany}}").getSpec().getAccessModes())
        .containsExactly("ReadWriteMany");
  }

  @Test
  void theProcessesOfOnePodAreOnOneNode() {
    assertThat(
            claim(
                    "training: {sequenceLength: 64, batchTokens: 4096}",
                    "trainer: {pod: {resources: {limits: {nvidia.com/gpu: 4}}}}")
                .getSpec()
                .getAccessModes())
        .containsExactly("ReadWriteOnce");
  }

  @Test
  void isNotMadeWhereOneExists() {
    assertThat(Rendered.of("checkpoint: {volume: {claimName: results}}").standing())
        .hasSize(7)
        .noneMatch(PersistentVolumeClaim.class::isInstance);
  }

  @Test
  void aSmallRunGetsOneGibibyte() {
    assertThat(size(claim())).isEqualTo(new Quantity("1", "Gi"));
  }

  @Test
  void aLargeRunGetsRoomForItsCheckpointsAndTokens() {
    RunPlan plan = gemmaStudent("2T");
    double bytes = 6 * 20.0 * plan.architecture().parameters() + 4e10;
    assertThat(CheckpointClaim.size(plan))
        .isEqualTo(new Quantity(String.valueOf((long) Math.ceil(bytes / (1 << 30))), "Gi"));
  }

  /** 4 bytes for each token of the budget, of which the last window is tokenised whole. */
  @Test
  void aRunOfFewTokensGetsRoomForTheseAlone() {
    RunPlan plan = gemmaStudent("1B");
    double bytes =
        6 * 20.0 * plan.architecture().parameters() + 4.0 * plan.training().tokenBudget();
    long claimed = CheckpointClaim.size(plan).getNumericalAmount().longValueExact();
    assertThat(claimed).isBetween((long) bytes + (256 << 20), (long) bytes + (2L << 30));
  }

  /** The example's own volume holds what the claim would have asked for. */
  @Test
  void theExampleOfTwoTrillionTokensHasRoom() {
    RunPlan plan = gemmaStudent("2T");
    assertThat(CheckpointClaim.size(plan).getNumericalAmount())
        .isLessThan(new Quantity("500Gi").getNumericalAmount());
  }

  private static RunPlan gemmaStudent(String budget) {
    return Specs.plan(
        Specs.gemma(Device.gpu(80L << 30, 8)),
        "{student: {size: 2.6B}, tokenBudget: %s, checkpoint: {keep: 3}}".formatted(budget));
  }

  private static PersistentVolumeClaim claim(String... fields) {
    return Rendered.of(fields).child(PersistentVolumeClaim.class, "quickstart-checkpoints");
  }

  private static Quantity size(PersistentVolumeClaim claim) {
    return claim.getSpec().getResources().getRequests().get("storage");
  }
}
