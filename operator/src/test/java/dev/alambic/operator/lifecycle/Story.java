package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.Specs;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A job's life, told step by step: the spec changes, things are seen, time goes by; {@link #decide}
 * decides and keeps the status.
 */
final class Story {
  static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  static final long BUDGET = 10_000_000;

  final List<String> fields =
      new ArrayList<>(List.of("tokenBudget: 10M", "teacher: {replicas: 2}"));
  long generation = 1;
  DistillationJobStatus status;
  Instant now = START;
  Teacher teacher = new Teacher(0, 0, null, null);
  Work trainer = Work.absent();
  ObservedState.Fill fill = ObservedState.Fill.absent();
  Progress progress;
  String modelUri;
  Quota quota = Quota.none();
  Outcome outcome = Outcome.done();

  /** Whether the job carries the annotation that asks for its end. */
  boolean finish;

  private DistillationJobSpec spec;
  private PlanResult plan;
  private long plannedGeneration;

  static Story of(String... fields) {
    Story story = new Story();
    story.fields.addAll(List.of(fields));
    return story;
  }

  /** A story in which the trainer makes steps. */
  static Story training(String... fields) {
    Story story = of(fields);
    story.decide();
    story.teacherReady();
    story.decide();
    story.running(Progress.State.Training, 1_000_000);
    story.decide();
    return story;
  }

  Story spec(String field) {
    fields.remove(field);
    fields.add(field);
    generation++;
    return this;
  }

  Story after(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  Story teacherStarting() {
    teacher = new Teacher(2, 0, null, null);
    return this;
  }

  Story teacherReady() {
    teacher = new Teacher(2, 2, null, "localhost:1");
    return this;
  }

  Story teacherBlocked(String reason, String message) {
    teacher = new Teacher(2, 0, Problem.of(reason, message), null);
    return this;
  }

  Story teacherGone() {
    teacher = new Teacher(0, 0, null, null);
    return this;
  }

  Story trainerPending(Problem problem) {
    Instant since = trainer.state() == WorkState.Pending ? trainer.pendingSince() : now;
    trainer =
        new Work(
            WorkState.Pending,
            problem,
            null,
            null,
            0,
            null,
            new ObservedState.Order(BUDGET, false),
            since);
    progress = null;
    return this;
  }

  /** By as many trainers as the spec asks for. */
  Story running(Progress.State state, long tokens) {
    trainer =
        new Work(
            WorkState.Running,
            null,
            null,
            null,
            trainer.failures(),
            null,
            new ObservedState.Order(
                BUDGET, false, Trainers.of(Specs.with(fields.toArray(String[]::new)))),
            null);
    progress = progress(state, tokens, null);
    return this;
  }

  /** As {@link #running}, by trainers that have not met yet. */
  Story preparing(String message) {
    running(Progress.State.Preparing, 0);
    progress = progress(Progress.State.Preparing, message, 0, null);
    return this;
  }

  /** As {@link #running}, by a trainer that was started to finish at once. */
  Story finishing(long tokens, Progress.Saturation saturation) {
    trainer =
        new Work(
            WorkState.Running,
            null,
            null,
            null,
            0,
            null,
            new ObservedState.Order(BUDGET, true),
            null);
    progress = progress(Progress.State.CoolingDown, tokens, saturation);
    return this;
  }

  Story succeeded() {
    trainer =
        new Work(
            WorkState.Succeeded,
            null,
            0,
            null,
            0,
            now,
            new ObservedState.Order(BUDGET, false),
            null);
    return this;
  }

  Story failed(int exitCode, int failures, String message) {
    trainer =
        new Work(
            WorkState.Failed,
            null,
            exitCode,
            message,
            failures,
            now,
            new ObservedState.Order(BUDGET, false),
            null);
    return this;
  }

  Story trainerGone() {
    trainer = Work.absent();
    progress = null;
    return this;
  }

  /** What fills the signal cache, of two shards, for this budget. */
  Story fill(WorkState state, Integer exitCode, int filled, long budget) {
    boolean ended = state == WorkState.Failed || state == WorkState.Succeeded;
    Work work =
        new Work(
            state,
            null,
            exitCode,
            exitCode == null || exitCode == 0 ? null : "fill: the disk is full",
            state == WorkState.Failed ? 1 : 0,
            ended ? now : null,
            new ObservedState.Order(budget, false),
            state == WorkState.Pending ? now : null);
    fill = new ObservedState.Fill(work, 2, filled);
    return this;
  }

  Story fillGone() {
    fill = ObservedState.Fill.absent();
    return this;
  }

  static Progress progress(Progress.State state, long tokens, Progress.Saturation saturation) {
    return progress(state, null, tokens, saturation);
  }

  private static Progress progress(
      Progress.State state, String message, long tokens, Progress.Saturation saturation) {
    return new Progress(
        Progress.VERSION,
        "job",
        new Progress.Stage(state, message),
        new Progress.Position(tokens / 4096, tokens, BUDGET),
        new Progress.Speed(1000.0, 0.0),
        new Progress.Learning(
            0,
            0,
            1e-3,
            3.14159,
            List.of(new Progress.CurvePoint(tokens / 2, 3.25, 0.5, 2.75, null, true))),
        new Progress.Verdict(saturation, List.of()),
        new Progress.Saved(
            new Progress.Checkpoint(tokens / 2, "/checkpoints/7", START.plusMillis(1500)),
            null,
            List.of(),
            null));
  }

  /** Reads and plans the spec, once for every generation. */
  private void plan() {
    if (plannedGeneration != generation) {
      spec = Specs.with(fields.toArray(String[]::new));
      plan = Planner.tryPlan("job", spec, Specs.toy(spec).after(status));
      plannedGeneration = generation;
    }
  }

  Step decide() {
    plan();
    DistillationJob job = new DistillationJob();
    job.getMetadata().setName("job");
    job.getMetadata().setGeneration(generation);
    job.setSpec(spec);
    job.setStatus(status);
    Decision decision =
        Lifecycle.decide(
            job,
            plan.withFinish(finish),
            new ObservedState(teacher, trainer, progress, modelUri, fill, quota),
            now);
    Step step = Step.of(decision, outcome);
    status = step.status();
    return step;
  }

  Condition condition(ConditionType type) {
    return Conditions.of(status.conditions()).get(type).orElseThrow();
  }

  boolean is(ConditionType type) {
    return "True".equals(condition(type).getStatus());
  }

  String reason(ConditionType type) {
    return condition(type).getReason();
  }

  static List<String> reasons(Step step) {
    return step.events().stream().map(Event::reason).toList();
  }

  /** Which of Ready, Reconciling, Stalled hold. */
  List<ConditionType> kstatus() {
    return Stream.of(ConditionType.Ready, ConditionType.Reconciling, ConditionType.Stalled)
        .filter(this::is)
        .toList();
  }
}
