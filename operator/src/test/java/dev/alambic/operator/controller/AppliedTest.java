package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.Test;

class AppliedTest {
  private static final String UID = "a";

  private final Applied applied = new Applied();

  private static ObjectMeta named() {
    return new ObjectMetaBuilder().withNamespace("n").withName("x").build();
  }

  private static HasMetadata wanted(int replicas) {
    return new DeploymentBuilder()
        .withMetadata(named())
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .build();
  }

  private static HasMetadata deployment(String uid, long generation, String resourceVersion) {
    HasMetadata there = wanted(1);
    there.getMetadata().setUid(uid);
    there.getMetadata().setGeneration(generation);
    there.getMetadata().setResourceVersion(resourceVersion);
    return there;
  }

  private static HasMetadata wantedMap() {
    return new ConfigMapBuilder().withMetadata(named()).addToData("a", "b").build();
  }

  private static HasMetadata map(String resourceVersion) {
    HasMetadata there = wantedMap();
    there.getMetadata().setUid(UID);
    there.getMetadata().setResourceVersion(resourceVersion);
    return there;
  }

  @Test
  void whatWasNeverAppliedIsNotCurrent() {
    assertThat(applied.current(wanted(1), deployment(UID, 1, "10"))).isFalse();
  }

  @Test
  void nothingIsAppliedTwice() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    assertThat(applied.current(wanted(1), deployment(UID, 1, "10"))).isTrue();
  }

  @Test
  void anotherObjectsApplyIsNotThisOnes() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    HasMetadata other = wanted(1);
    other.getMetadata().setNamespace("m");
    assertThat(applied.current(other, deployment(UID, 1, "10"))).isFalse();
    assertThat(applied.current(wantedMap(), map("10"))).isFalse();
  }

  @Test
  void anotherDesiredStateIsApplied() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    assertThat(applied.current(wanted(2), deployment(UID, 1, "10"))).isFalse();
  }

  @Test
  void whatSomebodyChangedIsAppliedAgain() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    assertThat(applied.current(wanted(1), deployment(UID, 2, "11"))).isFalse();
    applied.remember(wanted(1), deployment(UID, 3, "12"));
    assertThat(applied.current(wanted(1), deployment(UID, 3, "12"))).isTrue();
  }

  @Test
  void aNewStatusIsNoChange() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    assertThat(applied.current(wanted(1), deployment(UID, 1, "99"))).isTrue();
  }

  @Test
  void withoutAGenerationTheResourceVersionTells() {
    applied.remember(wantedMap(), map("9"));
    assertThat(applied.current(wantedMap(), map("9"))).isTrue();
    assertThat(applied.current(wantedMap(), map("10"))).isFalse();
  }

  @Test
  void aVersionThatIsNoNumberCountsAsChangedUnlessItWasAppliedSo() {
    applied.remember(wantedMap(), map("9"));
    assertThat(applied.current(wantedMap(), map("nine"))).isFalse();
  }

  @Test
  void aStaleCopyIsNoReasonToApplyAgain() {
    applied.remember(wanted(2), deployment(UID, 2, "11"));
    assertThat(applied.current(wanted(2), deployment(UID, 1, "10"))).isTrue();
    applied.remember(wantedMap(), map("10"));
    assertThat(applied.current(wantedMap(), map("9"))).isTrue();
  }

  @Test
  void whatIsGoneIsAppliedAgain() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    assertThat(applied.current(wanted(1), null)).isFalse();
  }

  @Test
  void whatIsBeingDeletedIsAppliedAgain() {
    applied.remember(wanted(1), deployment(UID, 1, "10"));
    HasMetadata going = deployment(UID, 1, "10");
    going.getMetadata().setDeletionTimestamp("2026-11-24T12:00:00Z");
    assertThat(applied.current(wanted(1), going)).isFalse();
  }

  @Test
  void whatWasMadeAnewIsAppliedAgain() {
    applied.remember(wanted(1), deployment(UID, 5, "10"));
    assertThat(applied.current(wanted(1), deployment("b", 1, "12"))).isFalse();
  }
}
