package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.ended;
import static dev.alambic.operator.observe.Objects.endedAt;
import static dev.alambic.operator.observe.Objects.job;
import static dev.alambic.operator.observe.Objects.made;
import static dev.alambic.operator.observe.Objects.pod;
import static dev.alambic.operator.observe.Objects.rank;
import static dev.alambic.operator.observe.Objects.running;
import static dev.alambic.operator.observe.Objects.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A trainer of several pods. */
class SeveralTrainersTest {
  private static final String ACTIVE = "{active: 2}";
  private static final String FAILED =
      "{failed: 1, conditions: [{type: Failed, status: 'True', message: 'Job failed'}]}";
  private static final String STARTING = "{phase: Pending}";
  private static final String UNSCHEDULABLE =
      "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
          + " message: 'Insufficient nvidia.com/gpu'}]}";

  private static Work two(String status, Pod... pods) {
    return Objects.work(trainer(job(2, status), pods), NO_WARNINGS);
  }

  private static Pod left(int index, String name) {
    return rank(index, ended(name, 75, "Error", "error: trainer 1 is gone"));
  }

  private static Pod killed(int index, String name) {
    return rank(index, ended(name, 137, "Error", ""));
  }

  private static Instant at(String time) {
    return Instant.parse("2026-11-24T" + time + "Z");
  }

  @Test
  void runsWhenAllOfThemDo() {
    assertThat(two(ACTIVE, rank(0, running("a")), rank(1, running("b"))).state())
        .isEqualTo(WorkState.Running);
    assertThat(two(ACTIVE, rank(0, running("a")), rank(1, pod("b", STARTING))).state())
        .isEqualTo(WorkState.Pending);
  }

  @Test
  void oneThatHasEndedWellHoldsNobodyUp() {
    Pod ready = rank(0, ended("a", 0, "Completed", ""));
    assertThat(two(ACTIVE, ready, rank(1, running("b"))).state()).isEqualTo(WorkState.Running);
  }

  @Test
  void theOneThatWaitsIsNamed() {
    Work seen =
        two(ACTIVE, rank(0, running("a")), made("12:10:00", rank(1, pod("b", UNSCHEDULABLE))));

    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.problem().words())
        .isEqualTo("Unschedulable: trainer 1 of 2: pod b: Insufficient nvidia.com/gpu");
    assertThat(seen.pendingSince()).isEqualTo(at("12:10:00"));
  }

  @Test
  void theWaitIsThatOfTheOneThatWaitsLongest() {
    Work seen =
        two(
            ACTIVE,
            made("12:20:00", rank(0, pod("a", STARTING))),
            made("12:10:00", rank(1, pod("b", UNSCHEDULABLE))));

    assertThat(seen.pendingSince()).isEqualTo(at("12:10:00"));
    assertThat(seen.problem().reason()).isEqualTo("Unschedulable");
  }

  @Test
  void oneThatTheQuotaRefusesIsSaid() {
    Work seen =
        Objects.work(
            trainer(job(2, "{active: 1}"), rank(0, running("a"))),
            object -> Optional.of("exceeded quota: none"));

    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.problem().words())
        .isEqualTo("FailedCreate: job j-trainer: exceeded quota: none");
  }

  /** The start deadline must not count the hours in which it ran. */
  @Test
  void oneThatWasDeletedAndIsAboutToBeReplacedIsNoWait() {
    assertThat(two("{active: 1}", rank(0, running("a"))).state()).isEqualTo(WorkState.Running);
  }

  @Test
  void whileTheOthersLeaveTheOneThatWasKilledIsTheCause() {
    Work seen = two(ACTIVE, rank(0, running("a")), killed(1, "b"));

    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.exitCode()).isEqualTo(137);
    assertThat(seen.message()).isEqualTo("pod b ended with exit code 137");
    assertThat(seen.pendingSince()).isEqualTo(at("12:34:56"));
  }

  @Test
  void oneThatLeftBecauseOfAnotherIsNotTheCauseHoweverSoonItWentAway() {
    Work seen = two(ACTIVE, endedAt("12:30:00", left(0, "a")), endedAt("12:30:09", killed(1, "b")));

    assertThat(seen.message()).isEqualTo("pod b ended with exit code 137");
    assertThat(seen.pendingSince()).isEqualTo(at("12:30:09"));
  }

  @Test
  void ofTwoThatWereKilledTheFirstIsTheCause() {
    Work seen =
        two(ACTIVE, endedAt("12:30:09", killed(0, "a")), endedAt("12:30:00", killed(1, "b")));

    assertThat(seen.message()).isEqualTo("pod b ended with exit code 137");
  }

  @Test
  void onlyThoseWhoWereStoppedAreNoFailureOfAny() {
    Work seen = two(ACTIVE, left(0, "a"), left(1, "b"));

    assertThat(seen.exitCode()).isEqualTo(75);
    assertThat(seen.message()).isEqualTo("pod a ended with exit code 75: trainer 1 is gone");
  }

  @Test
  void aPodThatWasLostWithItsNodeIsTheCause() {
    Pod lost = rank(1, pod("b", "{phase: Failed, reason: NodeLost, message: 'node went away'}"));
    Work seen = two(ACTIVE, left(0, "a"), lost);

    assertThat(seen.exitCode()).isNull();
    assertThat(seen.message()).isEqualTo("NodeLost: pod b: node went away");
  }

  @Test
  void betweenTwoAttemptsTheCauseIsKept() {
    Work seen =
        two(
            ACTIVE,
            left(0, "a"),
            killed(1, "b"),
            made("12:36:00", rank(0, running("c"))),
            made("12:36:00", rank(1, pod("d", STARTING))));

    assertThat(seen.exitCode()).isEqualTo(137);
    assertThat(seen.problem()).isNull();
    assertThat(seen.pendingSince()).isEqualTo(at("12:36:00"));
  }

  @Test
  void theCauseOfAnAttemptBeforeIsForgotten() {
    Work seen =
        two(
            ACTIVE,
            endedAt("12:30:00", killed(0, "a")),
            endedAt("12:30:05", left(1, "b")),
            made("12:31:00", endedAt("12:40:00", left(1, "d"))));

    assertThat(seen.message()).startsWith("pod d ended with exit code 75");
  }

  @Test
  void whatNoRetryCanMendIsTheCauseOfAFailedJob() {
    Work seen =
        two(
            FAILED,
            endedAt("12:30:00", killed(0, "a")),
            endedAt("12:30:05", rank(1, ended("b", 65, "Error", "error: loss is not finite"))));

    assertThat(seen.state()).isEqualTo(WorkState.Failed);
    assertThat(seen.exitCode()).isEqualTo(65);
    assertThat(seen.message()).isEqualTo("pod b ended with exit code 65: loss is not finite");
    assertThat(seen.endedAt()).isEqualTo(at("12:30:05"));
    assertThat(seen.failures()).isEqualTo(1);
  }

  @Test
  void succeedsAsAWhole() {
    Work seen =
        two(
            "{succeeded: 2, conditions: [{type: Complete, status: 'True'}]}",
            endedAt("12:40:00", rank(0, ended("a", 0, "Completed", ""))),
            endedAt("12:40:09", rank(1, ended("b", 0, "Completed", ""))));

    assertThat(seen.state()).isEqualTo(WorkState.Succeeded);
    assertThat(seen.exitCode()).isZero();
    assertThat(seen.endedAt()).isEqualTo(at("12:40:09"));
  }
}
