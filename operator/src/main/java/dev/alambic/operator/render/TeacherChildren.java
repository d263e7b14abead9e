package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.operator.plan.ReservedNames;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** The teacher: replicas, the name they answer under, and how many may go at a time. */
final class TeacherChildren {
  /** gRPC. */
  static final int PORT = ReservedNames.TEACHER_PORT;

  private static final int PROBE_SECONDS = 5;

  /** A teacher of many gigabytes loads for long. */
  private static final int LOADING_SECONDS = 2 * 3600;

  /** And its image is pulled before: only then does an update count as stuck. */
  private static final int UPDATE_SECONDS = LOADING_SECONDS + 1800;

  private static final long FP32 = 4;

  /** Bytes that weights on a GPU take of the host: they are read through its cache. */
  static final long LOADED = 0;

  /** Requests that were accepted are answered: the server drains for 20 s. */
  private static final long GRACE_SECONDS = 30;

  private final DistillationJob job;
  private final String name;

  TeacherChildren(DistillationJob job) {
    this.job = job;
    this.name = Child.names(job).teacher();
  }

  /** An update never needs one more GPU than the job has: the old pod goes before the new comes. */
  Deployment deployment(RunPlan plan, int replicas, Settings settings) {
    PodTemplate template = new PodTemplate(job, Role.Teacher, settings);
    return new DeploymentBuilder()
        .withMetadata(Child.metadata(job, name, Role.Teacher))
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(Labels.selector(Child.names(job), Role.Teacher))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxSurge(new IntOrString(0))
        .withMaxUnavailable(new IntOrString(1))
        .endRollingUpdate()
        .endStrategy()
        .withRevisionHistoryLimit(1)
        .withProgressDeadlineSeconds(UPDATE_SECONDS)
        .withTemplate(template.of(container(plan, template), GRACE_SECONDS, "Always"))
        .endSpec()
        .build();
  }

  private Container container(RunPlan plan, PodTemplate template) {
    return isVllm(job)
        ? VllmServer.container(job, plan, template, memory(job, plan), LOADING_SECONDS)
        : builtin(plan, template);
  }

  static boolean isVllm(DistillationJob job) {
    return job.getSpec().teacher().runtime() == TeacherRuntime.OpenAI;
  }

  /** Where the trainer reaches it. */
  static int port(DistillationJob job) {
    return isVllm(job) ? VllmServer.PORT : PORT;
  }

  /** Where its health and metrics are. */
  static int observedPort(DistillationJob job) {
    return isVllm(job) ? VllmServer.PORT : HttpPort.NUMBER;
  }

  private Container builtin(RunPlan plan, PodTemplate template) {
    return new ContainerBuilder()
        .withArgs(
            "teacher",
            "--spec",
            Mount.SPEC_PATH,
            "--port",
            Integer.toString(PORT),
            "--status-port",
            Integer.toString(HttpPort.NUMBER))
        .addNewPort()
        .withName("grpc")
        .withContainerPort(PORT)
        .endPort()
        .addToPorts(HttpPort.OF_CONTAINER)
        .withEnv(TokenSecret.variable(job, RunSpec.TEACHER_TOKEN_VARIABLE))
        .withResources(PodRequests.of(template.asked(), memory(job, plan), LOADED))
        .withStartupProbe(serving().withFailureThreshold(LOADING_SECONDS / PROBE_SECONDS).build())
        .withReadinessProbe(serving().withFailureThreshold(2).build())
        .withLivenessProbe(alive())
        .build();
  }

  /** Bytes of the weights if the spec gives their number; else as much as the student takes. */
  static long memory(DistillationJob job, RunPlan plan) {
    String size = job.getSpec().teacher().size();
    return size == null ? plan.memory().total() : FP32 * Count.parse(size);
  }

  /** The gRPC health service: serving once the model is loaded, until it drains. */
  private static ProbeBuilder serving() {
    return new ProbeBuilder()
        .withNewGrpc()
        .withPort(PORT)
        .endGrpc()
        .withPeriodSeconds(PROBE_SECONDS)
        .withTimeoutSeconds(5);
  }

  private static Probe alive() {
    return HttpPort.get("/healthz").withPeriodSeconds(20).withFailureThreshold(6).build();
  }

  Service service() {
    return isVllm(job) ? VllmServer.service(job) : headless();
  }

  /** Clients see each replica that is ready, and spread their requests themselves. */
  private Service headless() {
    return new ServiceBuilder()
        .withMetadata(Child.metadata(job, name, Role.Teacher))
        .withNewSpec()
        .withClusterIP("None")
        .withSelector(Labels.selector(Child.names(job), Role.Teacher))
        .addNewPort()
        .withName("grpc")
        .withPort(PORT)
        .endPort()
        .endSpec()
        .build();
  }

  /** A drain takes one replica at a time; one that does not answer never holds it up. */
  PodDisruptionBudget disruptionBudget() {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Child.metadata(job, name, Role.Teacher))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(Labels.selector(Child.names(job), Role.Teacher))
        .endSelector()
        .endSpec()
        .build();
  }
}
