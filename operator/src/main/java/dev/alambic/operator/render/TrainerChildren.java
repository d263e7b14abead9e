package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.ReservedNames;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.RunSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The trainer: an indexed Job, and the name its pods are found under. */
final class TrainerChildren {
  /** Where trainers meet: the first of each pod; the others of the pod at the next ones. */
  static final int PEER_PORT = ReservedNames.PEER_PORT;

  private static final String PEER_PORT_NAME = "peers";

  private static final long BYTES_PER_SECOND = 100_000_000;
  private static final long LEAST_GRACE_SECONDS = 120;
  private static final long MOST_GRACE_SECONDS = 3600;
  private static final long PARAMETER_BYTES = 16;

  private final DistillationJob job;
  private final String name;

  TrainerChildren(DistillationJob job) {
    this.job = job;
    this.name = Child.names(job).trainer();
  }

  Job job(RunPlan plan, Settings settings) {
    PodTemplate template = new PodTemplate(job, Role.Trainer, settings);
    return IndexedJob.of(
        job,
        Role.Trainer,
        name,
        order(plan),
        plan.trainers().pods(),
        template.of(container(template, plan), graceSeconds(plan), "Never"));
  }

  /**
   * Where each trainer meets the others, by rank: the names that the headless Service gives, and
   * the port of its place in its pod.
   */
  static List<String> addresses(DistillationJob job) {
    String name = Child.names(job).trainer();
    String namespace = job.getMetadata().getNamespace();
    Trainers trainers = Trainers.of(job.getSpec());
    return List.of(
        "%s-%s.%s.%s.svc:%s"
            .formatted(
                name,
                numbers(0, trainers.pods()),
                name,
                namespace,
                numbers(PEER_PORT, trainers.perPod())));
  }

  /** One number, or several as a range: a name for each of 8,192 trainers fills a ConfigMap. */
  private static String numbers(int first, int count) {
    return count == 1 ? Integer.toString(first) : "[%d-%d]".formatted(first, first + count - 1);
  }

  private static Map<String, String> order(RunPlan plan) {
    Map<String, String> order = new TreeMap<>();
    order.put(Labels.TOKEN_BUDGET, Long.toString(plan.training().tokenBudget()));
    order.put(Labels.TRAINERS, Integer.toString(plan.trainers().pods()));
    order.put(Labels.TRAINERS_PER_POD, Integer.toString(plan.trainers().perPod()));
    order.put(Labels.SHARDING, plan.trainers().sharding().name());
    if (plan.unplaced().saturation().finishNow()) {
      order.put(Labels.FINISH, FinishRequest.NOW);
    }
    return order;
  }

  private Container container(PodTemplate template, RunPlan plan) {
    return new ContainerBuilder()
        .withArgs(
            "train",
            "--spec",
            Mount.SPEC_PATH,
            "--port",
            Integer.toString(HttpPort.NUMBER),
            "--termination-message",
            "/dev/termination-log")
        .addToPorts(HttpPort.OF_CONTAINER)
        .addAllToPorts(peerPort(plan))
        .withEnv(environment())
        .withResources(
            PodRequests.of(template.asked(), plan.memory().total(), plan.memory().host().total()))
        .withStartupProbe(
            HttpPort.get("/healthz").withPeriodSeconds(5).withFailureThreshold(60).build())
        .withReadinessProbe(
            HttpPort.get("/readyz").withPeriodSeconds(20).withFailureThreshold(3).build())
        .withLivenessProbe(
            HttpPort.get("/healthz").withPeriodSeconds(30).withFailureThreshold(10).build())
        .build();
  }

  private static List<ContainerPort> peerPort(RunPlan plan) {
    return plan.trainers().count() == 1
        ? List.of()
        : List.of(
            new ContainerPortBuilder()
                .withName(PEER_PORT_NAME)
                .withContainerPort(PEER_PORT)
                .build());
  }

  /** What the teacher demands. */
  private List<EnvVar> environment() {
    return TeacherChildren.isVllm(job)
        ? VllmServer.ofTrainer(job)
        : TokenSecret.variable(job, RunSpec.TEACHER_TOKEN_VARIABLE);
  }

  /**
   * Time to write a checkpoint at 100 MB/s, and a minute; two minutes at least, an hour at most.
   */
  static long graceSeconds(RunPlan plan) {
    long write = PARAMETER_BYTES * plan.architecture().parameters() / BYTES_PER_SECOND;
    return Math.max(LEAST_GRACE_SECONDS, Math.min(MOST_GRACE_SECONDS, 60 + write));
  }

  /** Headless: gives each trainer pod its name. */
  Service service() {
    List<ServicePort> ports = new ArrayList<>();
    ports.add(port(HttpPort.NAME, HttpPort.NUMBER));
    if (Trainers.of(job.getSpec()).count() > 1) {
      ports.add(port(PEER_PORT_NAME, PEER_PORT));
    }
    return new ServiceBuilder()
        .withMetadata(Child.metadata(job, name, Role.Trainer))
        .withNewSpec()
        .withClusterIP("None")
        .withPublishNotReadyAddresses(true)
        .withSelector(Labels.selector(Child.names(job), Role.Trainer))
        .withPorts(ports)
        .endSpec()
        .build();
  }

  private static ServicePort port(String name, int number) {
    return new ServicePortBuilder().withName(name).withPort(number).build();
  }
}
