package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.TeacherServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;

/** A job's children as Kubernetes objects. */
public final class Rendering {
  private Rendering() {}

  /**
   * All that stands beside the pods, in the order in which it is applied: policies before what they
   * hold for, what is mounted before who mounts it. The Jobs, which run to an end, are not among
   * them, and nothing of a teacher that exists already.
   *
   * @param volumes whether the claim of the checkpoints is to be made
   */
  public static List<HasMetadata> standing(
      DistillationJob job, RunPlan plan, int teacherReplicas, boolean volumes, Settings settings) {
    NetworkPolicies policies = new NetworkPolicies(job, settings.reachability());
    TeacherChildren teacher = new TeacherChildren(job);
    List<HasMetadata> children = new ArrayList<>();
    boolean offline = Offline.is(job.getSpec());
    boolean serves = !offline && !TeacherServer.exists(job.getSpec().teacher());
    if (offline) {
      children.add(policies.fill());
    }
    if (serves) {
      children.add(policies.teacher());
    }
    children.add(policies.trainer());
    children.add(RunSpecMap.of(job, plan));
    if (volumes) {
      CheckpointClaim.of(job, plan).ifPresent(children::add);
      SignalClaim.of(job, plan).ifPresent(children::add);
    }
    if (serves) {
      children.add(teacher.service());
    }
    children.add(new TrainerChildren(job).service());
    if (serves) {
      children.add(teacher.disruptionBudget());
      children.add(teacher.deployment(plan, teacherReplicas, settings));
    }
    return List.copyOf(children);
  }

  /** The teacher's Deployment alone: to scale it where nothing else is to be made. */
  public static Deployment teacher(
      DistillationJob job, RunPlan plan, int replicas, Settings settings) {
    return new TeacherChildren(job).deployment(plan, replicas, settings);
  }

  /** The Job that fills the signal cache in mode Offline: made once, never changed. */
  public static Job fill(DistillationJob job, RunPlan plan, Settings settings) {
    return new FillChildren(job).job(plan, settings);
  }

  /** The trainer's Job: made once, never changed. */
  public static Job trainer(DistillationJob job, RunPlan plan, Settings settings) {
    return new TrainerChildren(job).job(plan, settings);
  }
}
