package dev.alambic.operator.observe;

import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.kueue.ResourceFlavor;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.kueue.WorkloadConditions;
import dev.alambic.operator.kueue.WorkloadStatus.Admission;
import dev.alambic.operator.kueue.WorkloadStatus.AdmissionCheck;
import dev.alambic.operator.kueue.WorkloadStatus.PodSetAssignment;
import dev.alambic.operator.lifecycle.Quota;
import dev.alambic.operator.lifecycle.Quota.Answer;
import dev.alambic.operator.lifecycle.Quota.Request;
import dev.alambic.operator.render.QuotaRequest;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Kueue's answer about a job, from its Workload. */
public final class QuotaObservation {
  private final Workload workload;
  private final Function<String, Optional<ResourceFlavor>> flavors;

  private QuotaObservation(Workload workload, Function<String, Optional<ResourceFlavor>> flavors) {
    this.workload = workload;
    this.flavors = flavors;
  }

  /**
   * The observation.
   *
   * @param queue that the job is to wait in, or null
   * @param workload what was asked for, or null
   * @param choices what the job might ask for now; none without a plan
   * @param flavors by their names
   */
  public static Quota of(
      String queue,
      Workload workload,
      Map<PodSets, Workload> choices,
      Function<String, Optional<ResourceFlavor>> flavors) {
    return new Quota(
        queue, workload == null ? null : new QuotaObservation(workload, flavors).request(choices));
  }

  private Request request(Map<PodSets, Workload> choices) {
    Optional<String> missing = missingFlavor();
    boolean admitted = holds(WorkloadConditions.ADMITTED) && missing.isEmpty();
    Answer answer = answer(admitted);
    return new Request(
        choices.entrySet().stream()
            .filter(choice -> QuotaRequest.same(choice.getValue(), workload))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(null),
        answer,
        workload.getMetadata().getDeletionTimestamp() != null,
        missing
            .map(flavor -> "Kueue assigned the ResourceFlavor " + flavor + ", which is not there")
            .orElseGet(() -> answer == Answer.Admitted ? granted() : waiting()),
        WorkloadConditions.holding(workload, WorkloadConditions.EVICTED)
            .map(Condition::getMessage)
            .orElse(null),
        WorkloadConditions.get(workload, WorkloadConditions.PODS_READY)
            .map(condition -> "True".equals(condition.getStatus()))
            .orElse(null),
        additions());
  }

  private Answer answer(boolean admitted) {
    if (holds(WorkloadConditions.FINISHED)) {
      return Answer.Finished;
    }
    if (holds(WorkloadConditions.EVICTED) && holds(WorkloadConditions.QUOTA_RESERVED)) {
      return Answer.Evicted;
    }
    return admitted && !holds(WorkloadConditions.EVICTED) ? Answer.Admitted : Answer.Waiting;
  }

  private boolean holds(String type) {
    return WorkloadConditions.holds(workload, type);
  }

  private String granted() {
    String names = String.join(", ", assignedFlavors());
    return "Admitted by the cluster queue "
        + admission().map(Admission::clusterQueue).orElse("")
        + (names.isEmpty() ? "" : ", on " + names);
  }

  private String waiting() {
    if (holds(WorkloadConditions.QUOTA_RESERVED)) {
      if (holds(WorkloadConditions.EVICTED)) {
        return "what it holds is given back when its pods are gone";
      }
      String checks =
          checks().stream()
              .filter(check -> !"Ready".equals(check.state()))
              .map(QuotaObservation::words)
              .collect(Collectors.joining("; "));
      return checks.isEmpty() ? "quota is reserved" : "quota is reserved; checks: " + checks;
    }
    return WorkloadConditions.get(workload, WorkloadConditions.QUOTA_RESERVED)
        .map(Condition::getMessage)
        .orElse("Kueue has not answered Workload " + workload.getMetadata().getName() + " yet");
  }

  private static String words(AdmissionCheck check) {
    return check.message() == null || check.message().isBlank()
        ? check.name()
        : check.name() + " (" + check.message() + ")";
  }

  private Optional<String> missingFlavor() {
    return assignedFlavors().stream().filter(name -> flavors.apply(name).isEmpty()).findFirst();
  }

  private Set<String> assignedFlavors() {
    Set<String> names = new TreeSet<>();
    assignments().forEach(assignment -> names.addAll(flavors(assignment)));
    return names;
  }

  /** A flavor first, then what the checks add: by name, so that the order never changes. */
  private Map<String, PodAdditions> additions() {
    Map<String, PodAdditions> additions = new TreeMap<>();
    for (PodSetAssignment assignment : assignments()) {
      PodAdditions all = PodAdditions.none();
      for (String name : new TreeSet<>(flavors(assignment))) {
        all = all.and(flavors.apply(name).map(QuotaObservation::of).orElse(PodAdditions.none()));
      }
      additions.put(assignment.name(), all.and(byChecks(assignment.name())));
    }
    return additions;
  }

  private static PodAdditions of(ResourceFlavor flavor) {
    return flavor.getSpec() == null
        ? PodAdditions.none()
        : new PodAdditions(
            flavor.getSpec().nodeLabels(), flavor.getSpec().tolerations(), Map.of(), Map.of());
  }

  private PodAdditions byChecks(String podSet) {
    return checks().stream()
        .filter(check -> check.podSetUpdates() != null)
        .flatMap(check -> check.podSetUpdates().stream())
        .filter(update -> podSet.equals(update.name()))
        .map(
            update ->
                new PodAdditions(
                    update.nodeSelector(),
                    update.tolerations(),
                    update.labels(),
                    update.annotations()))
        .reduce(PodAdditions.none(), PodAdditions::and);
  }

  private static List<String> flavors(PodSetAssignment assignment) {
    return assignment.flavors() == null ? List.of() : List.copyOf(assignment.flavors().values());
  }

  private Optional<Admission> admission() {
    return workload.getStatus() == null
        ? Optional.empty()
        : Optional.ofNullable(workload.getStatus().admission());
  }

  private List<PodSetAssignment> assignments() {
    return admission().map(Admission::podSetAssignments).orElse(List.of());
  }

  private List<AdmissionCheck> checks() {
    return workload.getStatus() == null || workload.getStatus().admissionChecks() == null
        ? List.of()
        : workload.getStatus().admissionChecks();
  }
}
