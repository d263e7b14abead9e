package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodAdditions;
import java.util.Map;

/**
 * What should be there of a job.
 *
 * @param teacherReplicas teachers to run; 0 while nothing needs one
 * @param trainer what should become of the trainer
 * @param fill what should become of what fills the signal cache; None unless the job is Offline
 * @param volumes whether volumes that are missing are to be made; false never removes one
 * @param deleteJob whether the job's time after its end is over and it is to be deleted
 * @param quota what should become of the job's request for quota
 * @param additions what the pods of each set get, by the quota that they run on
 */
public record Children(
    int teacherReplicas,
    TrainerAction trainer,
    boolean volumes,
    boolean deleteJob,
    TrainerAction fill,
    QuotaAction quota,
    Map<String, PodAdditions> additions) {

  /** Of a job that waits in no queue. */
  public Children(
      int teacherReplicas,
      TrainerAction trainer,
      boolean volumes,
      boolean deleteJob,
      TrainerAction fill) {
    this(teacherReplicas, trainer, volumes, deleteJob, fill, new QuotaAction.Leave(), Map.of());
  }

  /** Without anything that fills a signal cache. */
  public Children(int teacherReplicas, TrainerAction trainer, boolean volumes, boolean deleteJob) {
    this(teacherReplicas, trainer, volumes, deleteJob, TrainerAction.None);
  }

  /** What should become of a trainer, or of what fills the signal cache. */
  public enum TrainerAction {
    /** There is none: stop one that runs, with time for a checkpoint. */
    None,
    /** There is one: start it if it is absent; leave one that has ended as it is. */
    Run,
    /** A new attempt takes the place of the present one, running or ended. */
    Restart,
    /** Whatever is there stays as it is; nothing is started. */
    Keep
  }
}
