package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.TeacherServer;
import dev.alambic.run.Progress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a decision rests on: facts, which ask no policy.
 *
 * @param previous the status before, with nulls where nothing was known
 * @param before the conditions before
 * @param savings of a run that ends early; empty unless its trainer reports them
 * @param now in whole seconds, as conditions tell the time
 */
record DecisionInput(
    DistillationJobSpec spec,
    long generation,
    DistillationJobStatus previous,
    Conditions before,
    PlanResult plan,
    ObservedState observed,
    Optional<Savings> savings,
    Instant now) {

  private static final DistillationJobStatus NOTHING_KNOWN =
      new DistillationJobStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  static DecisionInput of(
      DistillationJob job, PlanResult plan, ObservedState observed, Instant now) {
    DistillationJobStatus previous = Objects.requireNonNullElse(job.getStatus(), NOTHING_KNOWN);
    long generation = Objects.requireNonNullElse(job.getMetadata().getGeneration(), 1L);
    long seen = Objects.requireNonNullElse(previous.observedGeneration(), 0L);
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    return new DecisionInput(
        job.getSpec(),
        Math.max(generation, seen),
        previous,
        Conditions.of(previous.conditions()),
        plan,
        observed.at(second),
        Savings.of(observed.progress(), plan.planned()),
        second);
  }

  boolean suspended() {
    return Boolean.TRUE.equals(spec.suspend());
  }

  Optional<RunPlan> planned() {
    return plan.planned();
  }

  /** Whether the job now asks for more tokens than this. */
  boolean asksForMoreThan(long tokens) {
    return planned().filter(plan -> plan.training().tokenBudget() > tokens).isPresent();
  }

  boolean teacherAnswers() {
    return observed.teacher().readyReplicas() > 0;
  }

  /**
   * Whether a teacher should be there. With a signal cache the trainer looks there first, and only
   * what it does not find needs a teacher: then it says that it waits for one.
   */
  boolean teacherNeeded() {
    if (offline() || teacherExists()) {
      return false;
    }
    boolean cached = spec.signal() != null && spec.signal().cache() != null;
    return !cached || observed.teacher().replicas() > 0 || trainerWaitsForTeacher();
  }

  /** Whether the teacher is a server that exists already: the trainer asks it by itself. */
  boolean teacherExists() {
    return TeacherServer.exists(spec.teacher());
  }

  boolean trainerWaitsForTeacher() {
    return trainerSays(Progress.State.WaitingForTeacher);
  }

  /** Whether the trainer is past its first answer. */
  boolean trainerTaught() {
    return trainerSays(Progress.State.Training) || trainerSays(Progress.State.CoolingDown);
  }

  private boolean trainerSays(Progress.State state) {
    return observed.trainer().state() == ObservedState.WorkState.Running
        && observed.progress() != null
        && observed.progress().stage().state() == state;
  }

  /** Whether the signal cache is filled before the training. */
  boolean offline() {
    return Offline.is(spec);
  }
}
