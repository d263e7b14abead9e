package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.kueue.QueueName;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.kueue.WorkloadSpec;
import dev.alambic.operator.kueue.WorkloadSpec.PodSet;
import dev.alambic.operator.kueue.WorkloadSpec.PriorityClassRef;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.TeacherServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The quota that a job asks Kueue for: a Workload, with the pods as they will be made. */
public final class QuotaRequest {
  /** By which Kueue's tools find the Workload of a job. */
  private static final String JOB_UID = Workload.GROUP + "/job-uid";

  /** On a job: a WorkloadPriorityClass, which orders jobs and not their pods. */
  private static final String PRIORITY_CLASS = Workload.GROUP + "/priority-class";

  private final DistillationJob job;
  private final RunPlan plan;
  private final Settings settings;
  private final String queue;

  private QuotaRequest(DistillationJob job, RunPlan plan, Settings settings, String queue) {
    this.job = job;
    this.plan = plan;
    this.settings = settings;
    this.queue = queue;
  }

  /** What a job may ask for, one after the other in mode Offline; nothing without a queue. */
  public static Map<PodSets, Workload> choices(
      DistillationJob job, RunPlan plan, Settings settings) {
    Map<PodSets, Workload> choices = new EnumMap<>(PodSets.class);
    Optional<String> queue = QueueName.of(job);
    if (plan == null || queue.isEmpty()) {
      return choices;
    }
    QuotaRequest request = new QuotaRequest(job, plan, settings, queue.get());
    if (Offline.is(job.getSpec())) {
      choices.put(PodSets.Fill, request.of(request.fill()));
      choices.put(PodSets.Trainer, request.of(request.trainer()));
    } else if (TeacherServer.exists(job.getSpec().teacher())) {
      choices.put(PodSets.Trainer, request.of(request.trainer()));
    } else {
      choices.put(PodSets.TeacherAndTrainer, request.of(request.teacher(), request.trainer()));
    }
    return choices;
  }

  private Workload of(PodSet... podSets) {
    Workload workload = new Workload();
    workload.setMetadata(Child.metadata(job, Child.names(job).workload(), Role.Trainer));
    workload.getMetadata().getLabels().put(JOB_UID, job.getMetadata().getUid());
    workload.setSpec(new WorkloadSpec(List.of(podSets), queue, priorityClass(podSets), null));
    return workload;
  }

  private PodSet teacher() {
    PodTemplateSpec template =
        Rendering.teacher(job, plan, plan.teacherReplicas(), settings).getSpec().getTemplate();
    return new PodSet(Role.Teacher.component(), plan.teacherReplicas(), template);
  }

  private PodSet trainer() {
    return of(Role.Trainer, Rendering.trainer(job, plan, settings));
  }

  private PodSet fill() {
    return of(Role.Fill, Rendering.fill(job, plan, settings));
  }

  private static PodSet of(Role role, Job job) {
    return new PodSet(
        role.component(), job.getSpec().getParallelism(), job.getSpec().getTemplate());
  }

  /** The label's, else that of the first pods that have one. */
  private PriorityClassRef priorityClass(PodSet... podSets) {
    Map<String, String> labels = job.getMetadata().getLabels();
    String name = labels == null ? null : labels.get(PRIORITY_CLASS);
    if (name != null && !name.isEmpty()) {
      return PriorityClassRef.ofWorkloads(name);
    }
    return Arrays.stream(podSets)
        .map(podSet -> podSet.template().getSpec().getPriorityClassName())
        .filter(Objects::nonNull)
        .findFirst()
        .map(PriorityClassRef::ofPods)
        .orElse(null);
  }

  /** The same request, with its class's value. */
  public static Workload withPriority(Workload request, int priority) {
    WorkloadSpec spec = request.getSpec();
    Workload valued = new Workload();
    valued.setMetadata(request.getMetadata());
    valued.setSpec(
        new WorkloadSpec(spec.podSets(), spec.queueName(), spec.priorityClassRef(), priority));
    return valued;
  }

  /**
   * Whether a Workload asks for what is wanted: the same queue, priority class and pods, as far as
   * quota depends on them. What else pods have may change with any release of the operator.
   */
  public static boolean same(Workload wanted, Workload there) {
    WorkloadSpec asked = there.getSpec();
    return asked != null
        && Objects.equals(wanted.getSpec().queueName(), asked.queueName())
        && Objects.equals(wanted.getSpec().priorityClassRef(), asked.priorityClassRef())
        && claims(wanted.getSpec().podSets()).equals(claims(asked.podSets()));
  }

  private static List<List<Object>> claims(List<PodSet> podSets) {
    return podSets == null
        ? List.of()
        : podSets.stream().map(QuotaRequest::claim).collect(Collectors.toList());
  }

  private static List<Object> claim(PodSet podSet) {
    PodSpec spec = podSet.template().getSpec();
    List<Object> claim = new ArrayList<>();
    claim.add(podSet.name());
    claim.add(podSet.count());
    claim.add(spec.getContainers().stream().map(Container::getResources).toList());
    claim.add(Objects.requireNonNullElse(spec.getNodeSelector(), Map.of()));
    claim.add(Objects.requireNonNullElse(spec.getTolerations(), List.of()));
    claim.add(spec.getAffinity());
    claim.add(spec.getRuntimeClassName());
    return claim;
  }
}
