package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.RunPlan;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;

/**
 * What fills the signal cache in mode Offline: an indexed Job with a teacher in each pod. Each pod
 * has a shard of the sequences; how many shards there are is settled when the Job is made.
 */
final class FillChildren {
  /** A block of the cache is sealed: 256 MiB to a slow volume. */
  private static final long GRACE_SECONDS = 120;

  private final DistillationJob job;

  FillChildren(DistillationJob job) {
    this.job = job;
  }

  Job job(RunPlan plan, Settings settings) {
    PodTemplate template = new PodTemplate(job, Role.Fill, settings);
    int shards = plan.teacherReplicas();
    return IndexedJob.of(
        job,
        Role.Fill,
        Child.names(job).fill(),
        Map.of(Labels.TOKEN_BUDGET, Long.toString(plan.training().tokenBudget())),
        shards,
        template.of(container(template, plan, shards), GRACE_SECONDS, "Never"));
  }

  private Container container(PodTemplate template, RunPlan plan, int shards) {
    return new ContainerBuilder()
        .withArgs(
            "fill",
            "--spec",
            Mount.SPEC_PATH,
            "--shards",
            Integer.toString(shards),
            "--port",
            Integer.toString(HttpPort.NUMBER),
            "--termination-message",
            "/dev/termination-log")
        .addToPorts(HttpPort.OF_CONTAINER)
        .withResources(
            PodRequests.of(
                template.asked(), TeacherChildren.memory(job, plan), TeacherChildren.LOADED))
        .withStartupProbe(
            HttpPort.get("/healthz").withPeriodSeconds(5).withFailureThreshold(60).build())
        .withLivenessProbe(
            HttpPort.get("/healthz").withPeriodSeconds(30).withFailureThreshold(10).build())
        .build();
  }
}
