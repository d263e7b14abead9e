package dev.alambic.operator.lifecycle;

import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;
import java.time.Instant;

/**
 * What is there of a job.
 *
 * @param teacher the teacher's replicas
 * @param trainer the trainer, all its pods or processes taken together
 * @param progress what the present trainer last said, or the one that ended last; null until it
 *     said something. Not the words of an attempt before the present one
 * @param modelUri where the finished student lies, as a user finds it; null until it does
 * @param fill what fills the signal cache in mode Offline
 * @param quota as the job's queue reports it
 */
public record ObservedState(
    Teacher teacher, Work trainer, Progress progress, String modelUri, Fill fill, Quota quota) {

  /** Without a queue. */
  public ObservedState(
      Teacher teacher, Work trainer, Progress progress, String modelUri, Fill fill) {
    this(teacher, trainer, progress, modelUri, fill, Quota.none());
  }

  /** Without anything that fills a signal cache. */
  public ObservedState(Teacher teacher, Work trainer, Progress progress, String modelUri) {
    this(teacher, trainer, progress, modelUri, Fill.absent());
  }

  /** The same with this quota. */
  public ObservedState with(Quota said) {
    return new ObservedState(teacher, trainer, progress, modelUri, fill, said);
  }

  /** The same, with the problems that are some at this time. */
  ObservedState at(Instant now) {
    return new ObservedState(
        teacher.at(now), trainer.at(now), progress, modelUri, fill.at(now), quota);
  }

  /** Nothing is there. */
  public static ObservedState nothing() {
    return new ObservedState(new Teacher(0, 0, null, null), Work.absent(), null, null);
  }

  /**
   * The teacher's replicas.
   *
   * @param replicas that exist, ready or not
   * @param readyReplicas that answer
   * @param problem why one that exists does not answer, or null if it is only starting
   * @param endpoint where they answer, or null
   */
  public record Teacher(int replicas, int readyReplicas, Problem problem, String endpoint) {
    private Teacher at(Instant now) {
      return new Teacher(replicas, readyReplicas, Problem.at(now, problem), endpoint);
    }
  }

  /**
   * The trainer, or what fills the signal cache: all its pods or processes taken together.
   *
   * @param problem why it is pending, or null if it is only starting; of one that runs, that it is
   *     unknown can tell whether it does
   * @param exitCode with which it ended, or its last attempt if it starts again; null if none got
   *     that far
   * @param message its last words, or null
   * @param failures attempts that failed and count against the backoff limit, the last one
   *     included; one that was stopped on request or lost its node does not count
   * @param endedAt when the last attempt ended, or null
   * @param order what it was started with; null if not known
   * @param pendingSince since when it waits to run; null if it does not, or it is not known
   */
  public record Work(
      WorkState state,
      Problem problem,
      Integer exitCode,
      String message,
      int failures,
      Instant endedAt,
      Order order,
      Instant pendingSince) {

    /** There is none. */
    public static Work absent() {
      return new Work(WorkState.Absent, null, null, null, 0, null, null, null);
    }

    /** Whether it is unknown if it still runs. */
    public boolean lost() {
      return problem != null && problem.lost();
    }

    private Work at(Instant now) {
      return new Work(
          state,
          Problem.at(now, problem),
          exitCode,
          message,
          failures,
          endedAt,
          order,
          pendingSince);
    }

    /** Whether it holds resources, or will. */
    public boolean alive() {
      return state == WorkState.Pending || state == WorkState.Running;
    }
  }

  /**
   * What fills the signal cache.
   *
   * @param work its pods or processes
   * @param shards that there are
   * @param filled shards that are done
   */
  public record Fill(Work work, int shards, int filled) {

    private Fill at(Instant now) {
      return new Fill(work.at(now), shards, filled);
    }

    /** There is none. */
    public static Fill absent() {
      return new Fill(Work.absent(), 0, 0);
    }
  }

  /**
   * What of the job a trainer takes up only when it starts.
   *
   * @param tokenBudget tokens to train on
   * @param finishNow whether its decay starts at once
   * @param trainers that share each batch
   */
  public record Order(long tokenBudget, boolean finishNow, Trainers trainers) {

    /** Of one trainer that is alone. */
    public Order(long tokenBudget, boolean finishNow) {
      this(tokenBudget, finishNow, Trainers.ONE);
    }

    /** The order of a trainer that is started by this plan. */
    public static Order of(RunPlan plan) {
      return new Order(
          plan.training().tokenBudget(), plan.unplaced().saturation().finishNow(), plan.trainers());
    }
  }

  /** How far a piece of work is. */
  public enum WorkState {
    /** There is none. */
    Absent,
    /** Created, but not running. */
    Pending,
    /** Its process runs. */
    Running,
    /** Ended with exit code 0. */
    Succeeded,
    /** Ended otherwise. */
    Failed
  }
}
