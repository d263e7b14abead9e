package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.ended;
import static dev.alambic.operator.observe.Objects.job;
import static dev.alambic.operator.observe.Objects.pod;
import static dev.alambic.operator.observe.Objects.running;
import static dev.alambic.operator.observe.Objects.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.plan.Trainers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainerObservationTest {
  private static final String UNSCHEDULABLE =
      "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
          + " message: '0/3 nodes are available: Insufficient nvidia.com/gpu'}]}";

  private static Work of(ChildObjects seen) {
    return Objects.work(seen, NO_WARNINGS);
  }

  @Test
  void noJobIsNoTrainer() {
    assertThat(of(trainer(null))).isEqualTo(Work.absent());
  }

  @Test
  void aPodThatOutlivesItsJobKeepsTheNextFromStarting() {
    assertThat(of(trainer(null, running("a"))).state()).isEqualTo(WorkState.Running);
    assertThat(of(trainer(null, ended("a", 75, "Error", ""))).state()).isEqualTo(WorkState.Absent);
  }

  @Test
  void aJobThatIsBeingDeletedStillRuns() {
    Work seen = of(trainer(job(", deletionTimestamp: '2026-11-24T13:00:00Z'", "{}")));
    assertThat(seen.state()).isEqualTo(WorkState.Running);
  }

  @Test
  void aRunningPodIsARunningTrainerWithTheBudgetItWasStartedWith() {
    Work seen = of(trainer(job("", "{active: 1}"), running("a")));
    assertThat(seen.state()).isEqualTo(WorkState.Running);
    assertThat(seen.order().tokenBudget()).isEqualTo(1000);
  }

  @Test
  void aTrainerThatWasStartedToFinishIsKnownByItsAnnotation() {
    Job finishing = job("", "{active: 1}");
    finishing
        .getMetadata()
        .setAnnotations(Map.of("alambic.dev/token-budget", "1000", "alambic.dev/finish", "now"));

    assertThat(of(trainer(finishing, running("a"))).order())
        .isEqualTo(new ObservedState.Order(1000, true));
    assertThat(of(trainer(job("", "{active: 1}"), running("a"))).order())
        .isEqualTo(new ObservedState.Order(1000, false));
  }

  @Test
  void howManyItWasStartedAsIsKnownByItsAnnotations() {
    Job four = job("", "{active: 1}");
    four.getMetadata()
        .setAnnotations(
            Map.of(
                "alambic.dev/token-budget",
                "1000",
                "alambic.dev/trainers",
                "4",
                "alambic.dev/trainers-per-pod",
                "8",
                "alambic.dev/sharding",
                "Full"));

    assertThat(of(trainer(four, running("a"))).order())
        .isEqualTo(new ObservedState.Order(1000, false, new Trainers(4, 8, Sharding.Full)));
    assertThat(of(trainer(job("", "{active: 1}"), running("a"))).order().trainers())
        .as("of a release that knew one only")
        .isEqualTo(Trainers.ONE);
  }

  @Test
  void anUnschedulablePodSaysWhatIsMissingAndSinceWhen() {
    Work seen = of(trainer(job("", "{active: 1}"), pod("a", UNSCHEDULABLE)));
    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.problem().words())
        .isEqualTo("Unschedulable: pod a: 0/3 nodes are available: Insufficient nvidia.com/gpu");
    assertThat(seen.pendingSince()).isEqualTo(Instant.parse(Objects.CREATED));
  }

  @Test
  void aJobWhosePodsAreRefusedSaysWhy() {
    Warnings quota = object -> Optional.of("exceeded quota: none");
    Work seen = Objects.work(trainer(job("", "{}")), quota);
    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.problem().words())
        .isEqualTo("FailedCreate: job j-trainer: exceeded quota: none");
  }

  @Test
  void aClaimWithoutAVolumeIsTheCauseOfTheWait() {
    Warnings provisioning = object -> Optional.of("storageclass \"nope\" not found");
    ChildObjects seen =
        new ChildObjects(
            null,
            List.of(),
            new IndexedJob(job("", "{active: 1}"), List.of(pod("a", UNSCHEDULABLE))),
            IndexedJob.absent(),
            Objects.claim("Pending"));
    assertThat(Objects.work(seen, provisioning).problem().words())
        .isEqualTo("ClaimPending: claim j-checkpoints: storageclass \"nope\" not found");
  }

  @Test
  void betweenTwoAttemptsTheLastWordsOfTheFirstAreKept() {
    Work seen = of(trainer(job("", "{failed: 1}"), ended("a", 137, "OOMKilled", "")));
    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.exitCode()).isEqualTo(137);
    assertThat(seen.message())
        .isEqualTo("pod a was OOM-killed: it needs more memory than its limit of 4Gi");
    assertThat(seen.pendingSince()).isEqualTo(Instant.parse("2026-11-24T12:34:56Z"));
  }

  @Test
  void theNextAttemptsPodHasTheWordsOfTheOneBefore() {
    Pod before = ended("a", 74, "Error", "error: disk full");
    Pod next = pod("b", "{phase: Pending}");
    next.getMetadata().setCreationTimestamp("2026-11-24T12:35:10Z");
    Work seen = of(trainer(job("", "{failed: 1}"), next, before));
    assertThat(seen.exitCode()).isEqualTo(74);
    assertThat(seen.message()).isEqualTo("pod a ended with exit code 74: disk full");
    assertThat(seen.pendingSince()).isEqualTo(Instant.parse("2026-11-24T12:35:10Z"));
  }

  @Test
  void aFailedJobTellsExitCodeAndMessage() {
    Work seen =
        of(
            trainer(
                job("", "{failed: 1, conditions: [{type: Failed, status: 'True'}]}"),
                ended("a", 66, "Error", "log line\\nerror: /alambic/data: is not there")));
    assertThat(seen.state()).isEqualTo(WorkState.Failed);
    assertThat(seen.exitCode()).isEqualTo(66);
    assertThat(seen.endedAt()).isEqualTo(Instant.parse("2026-11-24T12:34:56Z"));
    assertThat(seen.failures()).isEqualTo(1);
  }

  @Test
  void aJobOverItsBackoffLimitHasFailedMoreOftenThanThat() {
    String status =
        "{failed: 2, conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}";
    assertThat(of(trainer(job("", status), ended("a", 1, "Error", ""))).failures()).isEqualTo(7);
  }

  @Test
  void aFailedJobWithoutPodsHasTheJobsOwnWords() {
    String status = "{conditions: [{type: Failed, status: 'True', message: 'node went away'}]}";
    Work seen = of(trainer(job("", status)));
    assertThat(seen.exitCode()).isNull();
    assertThat(seen.message()).isEqualTo("node went away");
  }

  @Test
  void aCompleteJobHasSucceeded() {
    String status = "{succeeded: 1, conditions: [{type: Complete, status: 'True'}]}";
    Work seen = of(trainer(job("", status), ended("a", 0, "Completed", "")));
    assertThat(seen.state()).isEqualTo(WorkState.Succeeded);
    assertThat(seen.exitCode()).isZero();
  }
}
