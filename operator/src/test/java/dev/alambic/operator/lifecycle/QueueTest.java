package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.failure.ExitCode;
import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Quota.Answer;
import dev.alambic.operator.lifecycle.Quota.Request;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A job with a queue: it waits, is admitted, evicted, admitted again, and ends. */
class QueueTest {
  private static final String OFFLINE =
      "signal: {mode: Offline, cache: {volume: {claimName: signals}}}";
  private static final QuotaAction LEAVE = new QuotaAction.Leave();
  private static final Map<String, PodAdditions> ON_SPOT =
      Map.of("trainer", new PodAdditions(Map.of("kind", "spot"), List.of(), Map.of(), Map.of()));

  private static Request request(PodSets pods, Answer answer, String message, String eviction) {
    return new Request(pods, answer, false, message, eviction, null, ON_SPOT);
  }

  private static Quota quota(Request request) {
    return new Quota("gpus", request);
  }

  private static Quota waiting() {
    return quota(request(PodSets.TeacherAndTrainer, Answer.Waiting, "1 more GPU needed", null));
  }

  private static Quota admitted() {
    return quota(request(PodSets.TeacherAndTrainer, Answer.Admitted, "Admitted by q", null));
  }

  private static Quota evicted() {
    return quota(
        request(
            PodSets.TeacherAndTrainer,
            Answer.Evicted,
            "what it holds is given back",
            "Preempted by a"));
  }

  private static Story queued(String... fields) {
    Story story = Story.of(fields);
    story.quota = quota(null);
    return story;
  }

  /** A story in which an admitted job trains. */
  private static Story training() {
    Story story = queued();
    story.quota = admitted();
    story.decide();
    story.teacherReady().decide();
    story.running(Progress.State.Training, 1_000_000).decide();
    return story;
  }

  private static QuotaAction action(Step decision) {
    return decision.desired().quota();
  }

  private static void assertNothingRuns(Step decision) {
    assertThat(decision.desired().teacherReplicas()).isZero();
    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.None);
    assertThat(decision.desired().fill()).isEqualTo(TrainerAction.None);
    assertThat(decision.desired().volumes()).isFalse();
  }

  @Test
  void aJobWithAQueueAsksForAllItsPodsAndRunsNone() {
    Story story = queued();
    Step decision = story.decide();
    assertNothingRuns(decision);
    assertThat(action(decision)).isEqualTo(new QuotaAction.Ask(PodSets.TeacherAndTrainer));
    assertThat(story.status.phase()).isEqualTo(Phase.Queued);
    assertThat(story.status.startTime()).isNull();
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    assertThat(Story.reasons(decision)).contains("QuotaPending");
  }

  @Test
  void theQueuesOwnWordsSayWhatItWaitsFor() {
    Story story = queued();
    story.quota = waiting();
    Step decision = story.decide();
    assertNothingRuns(decision);
    assertThat(action(decision)).isEqualTo(LEAVE);
    assertThat(decision.lookAgainIn()).isPresent();
    assertThat(story.condition(ConditionType.Suspended).getMessage())
        .isEqualTo("Waits for quota in the queue gpus: 1 more GPU needed");
    assertThat(story.condition(ConditionType.Reconciling).getReason()).isEqualTo("QuotaPending");
  }

  @Test
  void whyNothingCanBeAskedIsSaid() {
    Story story = queued();
    story.quota = quota(null);
    story.outcome = Outcome.requestRefused(Problem.of("NoPriorityClass", "there is no high"));
    story.decide();
    assertThat(story.condition(ConditionType.Suspended).getMessage())
        .isEqualTo(
            "Waits for quota in the queue gpus, but cannot ask for it: NoPriorityClass: there is"
                + " no high");
  }

  @Test
  void anAdmittedJobRunsWhereItsQuotaIs() {
    Story story = queued();
    story.decide();
    story.quota = admitted();
    Step decision = story.decide();
    assertThat(decision.desired())
        .isEqualTo(
            new Children(2, TrainerAction.None, true, false, TrainerAction.None, LEAVE, ON_SPOT));
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    assertThat(story.reason(ConditionType.Suspended)).isEqualTo("Admitted");
    assertThat(story.condition(ConditionType.Suspended).getMessage()).isEqualTo("Admitted by q");
    assertThat(story.status.startTime()).isEqualTo("2026-11-24T12:00:00Z");
    assertThat(Story.reasons(decision)).containsExactly("Admitted");
  }

  @Test
  void theQueueIsToldThatThePodsRunAndThatTheyNoLongerDo() {
    Story story = training();
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Report(true));
    story.quota =
        quota(
            new Request(
                PodSets.TeacherAndTrainer, Answer.Admitted, false, "", null, true, ON_SPOT));
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    story.trainerPending(null);
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Report(false));
  }

  @Test
  void anEvictedJobWritesACheckpointBeforeItsQuotaIsGivenBack() {
    Story story = training();
    story.quota = evicted();
    Step decision = story.decide();
    assertNothingRuns(decision);
    assertThat(action(decision)).isEqualTo(LEAVE);
    assertThat(story.status.phase()).isEqualTo(Phase.Queued);
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Stopping");
    assertThat(story.condition(ConditionType.Suspended).getMessage())
        .isEqualTo(
            "Evicted: Preempted by a; waits for quota in the queue gpus: what it holds is given back");
    assertThat(Story.reasons(decision)).containsExactly("Evicted");

    // The teacher's pods may take longer than the trainer's.
    story.trainerGone();
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    story.teacherGone();
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.GiveBack());

    story.quota =
        quota(
            request(PodSets.TeacherAndTrainer, Answer.Waiting, "Preempted by a", "Preempted by a"));
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    assertThat(story.condition(ConditionType.Suspended).getMessage())
        .isEqualTo("Evicted: Preempted by a; waits for quota in the queue gpus");
    assertThat(story.status.checkpoint().tokens()).isEqualTo(500_000);
  }

  @Test
  void timeInTheQueueCountsAgainstNoDeadline() {
    Story story = queued("activeDeadlineSeconds: 600", "startDeadlineSeconds: 60");
    story.decide();
    story.after(Duration.ofDays(2)).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Queued);
    story.quota = admitted();
    story.decide();
    story.after(Duration.ofSeconds(50)).teacherReady().decide();
    story.running(Progress.State.Training, 1_000_000).decide();

    story.quota = evicted();
    story.decide();
    story.trainerGone().teacherGone().after(Duration.ofDays(2)).decide();
    story.quota = admitted();
    story.decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    story.after(Duration.ofSeconds(61)).decide();
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("StartDeadlineExceeded");
  }

  @Test
  void theEndIsToldWhenThePodsAreGone() {
    Story story = training();
    assertThat(action(story.succeeded().decide())).isEqualTo(LEAVE);
    assertThat(action(story.teacherGone().decide()))
        .isEqualTo(new QuotaAction.Finish(true, "The token budget is spent"));
    story.quota = quota(request(PodSets.TeacherAndTrainer, Answer.Finished, "", null));
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    // Kueue may tidy up what is finished.
    story.quota = quota(null);
    assertThat(action(story.decide())).isEqualTo(LEAVE);
  }

  @Test
  void aFailureGivesTheQuotaBackToo() {
    Story story = training();
    story.failed(ExitCode.DATA.code(), 1, "the text is empty").teacherGone();
    assertThat(action(story.decide()))
        .isEqualTo(new QuotaAction.Finish(false, "the text is empty"));
  }

  @Test
  void aSuspendedJobTakesItsRequestBackWhenItsPodsAreGone() {
    Story story = training();
    story.spec("suspend: true");
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    assertThat(story.status.phase()).isEqualTo(Phase.Suspended);
    story.trainerGone().teacherGone();
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Withdraw());
    story.quota = quota(null);
    assertThat(action(story.decide())).isEqualTo(LEAVE);

    story.spec("suspend: false");
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Ask(PodSets.TeacherAndTrainer));
    assertThat(story.status.phase()).isEqualTo(Phase.Queued);
  }

  @Test
  void aJobThatNeedsOtherPodsStopsAndAsksAgain() {
    Story story = training();
    story.quota = quota(request(null, Answer.Admitted, "Admitted by q", null));
    assertNothingRuns(story.decide());
    assertThat(story.condition(ConditionType.Suspended).getMessage())
        .isEqualTo(
            "Waits for quota in the queue gpus: the job needs other pods than it asked for, and"
                + " asks again");
    story.trainerGone().teacherGone();
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Withdraw());
  }

  @Test
  void aRequestThatSomebodyDeletesStopsTheJob() {
    Story story = training();
    Request going =
        new Request(PodSets.TeacherAndTrainer, Answer.Admitted, true, "", null, null, ON_SPOT);
    story.quota = quota(going);
    assertNothingRuns(story.decide());
    story.quota = quota(null);
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    story.trainerGone().teacherGone();
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Ask(PodSets.TeacherAndTrainer));
  }

  @Test
  void aJobThatLeavesItsQueueRunsOnAndGivesItsQuotaBack() {
    Story story = training();
    story.quota = new Quota(null, admitted().request());
    Step decision = story.decide();
    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(action(decision)).isEqualTo(new QuotaAction.Withdraw());
  }

  @Test
  void aJobWithoutAPlanHoldsNoQuotaThatItCannotUse() {
    Story story = queued("objective: {temperature: '-1'}");
    assertThat(action(story.decide())).isEqualTo(LEAVE);
    assertThat(story.kstatus()).containsExactly(ConditionType.Stalled);
    story.quota = quota(request(null, Answer.Admitted, "", null));
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Withdraw());
  }

  @Test
  void whatRunsWhenThePlanIsLostGoesOnUntilItIsEvicted() {
    Story story = training();
    story.spec("objective: {temperature: '-1'}");
    story.quota = quota(request(null, Answer.Admitted, "", null));
    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Keep);
    story.quota = quota(request(null, Answer.Evicted, "", "Preempted by a"));
    assertNothingRuns(story.decide());
  }

  @Test
  void aTeacherThatExistsNeedsNoQuota() {
    Story story =
        queued(
            "teacher: {runtime: OpenAI, endpoint: 'http://vllm:8000'}", "signal: {encoding: TopK}");
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Ask(PodSets.Trainer));
  }

  @Test
  void offlineAsksForTheTeachersFirstAndThenForTheTrainer() {
    Story story = queued(OFFLINE);
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Ask(PodSets.Fill));
    story.quota = quota(request(PodSets.Fill, Answer.Admitted, "", null));
    assertThat(story.decide().desired().fill()).isEqualTo(TrainerAction.Run);
    story.fill(WorkState.Running, null, 1, Story.BUDGET);
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Report(true));

    story.fill(WorkState.Succeeded, 0, 2, Story.BUDGET);
    Step decision = story.decide();
    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.None);
    assertThat(decision.desired().fill()).isEqualTo(TrainerAction.Keep);
    assertThat(action(decision)).isEqualTo(new QuotaAction.Withdraw());
    story.quota = quota(null);
    assertThat(action(story.decide())).isEqualTo(new QuotaAction.Ask(PodSets.Trainer));
    story.quota = quota(request(PodSets.Trainer, Answer.Admitted, "", null));
    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Run);
  }

  /** Whatever the queue says and whatever is seen, in whatever order. */
  @Test
  void noPodIsEverWantedWithoutQuotaAndNoQuotaIsGivenBackBesidePods() {
    SplittableRandom random = new SplittableRandom(1);
    int ran = 0;
    int given = 0;
    for (String mode : List.of("suspend: false", OFFLINE)) {
      Story story = queued(mode);
      for (int step = 0; step < 2000; step++) {
        Step decision = story.decide();
        boolean wanted = wantsPods(story, decision.desired());
        if (wanted) {
          Request request = story.quota.request();
          assertThat(request).isNotNull();
          assertThat(request.answer()).isEqualTo(Answer.Admitted);
          ran++;
        }
        QuotaAction action = action(decision);
        if (action instanceof QuotaAction.GiveBack
            || action instanceof QuotaAction.Withdraw
            || action instanceof QuotaAction.Finish) {
          assertThat(alive(story)).isFalse();
          given++;
        }
        assertThat(story.kstatus()).hasSize(1);
        Step again = story.decide();
        assertThat(again.desired()).isEqualTo(decision.desired());
        assertThat(again.events()).isEmpty();
        shake(story, random);
        if (story.status.phase() == Phase.Failed || story.status.phase() == Phase.Complete) {
          story = queued(mode);
        }
      }
    }
    // The walks are rich enough for the test to mean something.
    assertThat(ran).isGreaterThan(100);
    assertThat(given).isGreaterThan(100);
  }

  private static boolean wantsPods(Story story, Children desired) {
    return desired.teacherReplicas() > 0
        || starts(desired.trainer(), story.trainer.state())
        || starts(desired.fill(), story.fill.work().state());
  }

  private static boolean starts(TrainerAction action, WorkState state) {
    return action == TrainerAction.Restart
        || (action == TrainerAction.Run && state == WorkState.Absent);
  }

  private static boolean alive(Story story) {
    return story.trainer.alive() || story.fill.work().alive() || story.teacher.replicas() > 0;
  }

  private static void shake(Story story, SplittableRandom random) {
    switch (random.nextInt(14)) {
      case 0 -> story.fillGone();
      case 1 -> story.fill(WorkState.Running, null, 1, Story.BUDGET);
      case 2 -> story.fill(WorkState.Succeeded, 0, 2, Story.BUDGET);
      case 3 -> story.trainerGone();
      case 4 -> story.running(Progress.State.Training, 1_000_000);
      case 5 -> story.teacherGone();
      case 6 -> story.teacherReady();
      case 7 -> story.spec("suspend: " + (random.nextInt(3) == 0));
      case 8 -> story.failed(ExitCode.TRY_AGAIN.code(), 0, "stopped on request");
      case 9 -> story.after(Duration.ofSeconds(30));
      default -> story.quota = quota(answer(random));
    }
  }

  private static Request answer(SplittableRandom random) {
    if (random.nextInt(6) == 0) {
      return null;
    }
    Answer answer = random.nextBoolean() ? Answer.Admitted : any(List.of(Answer.values()), random);
    PodSets pods = random.nextInt(6) == 0 ? null : any(List.of(PodSets.values()), random);
    return new Request(
        pods,
        answer,
        random.nextInt(10) == 0,
        "words",
        answer == Answer.Evicted ? "Preempted" : null,
        random.nextBoolean() ? random.nextBoolean() : null,
        ON_SPOT);
  }

  private static <T> T any(List<T> values, SplittableRandom random) {
    return values.get(random.nextInt(values.size()));
  }
}
