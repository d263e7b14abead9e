package dev.alambic.operator.controller;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.kueue.StatusChange;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.kueue.WorkloadPriorityClass;
import dev.alambic.operator.kueue.WorkloadSpec.PriorityClassRef;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.lifecycle.QuotaAction;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.render.QuotaRequest;
import dev.alambic.operator.render.Settings;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Optional;

/** Asks Kueue for quota, and reports to it what becomes of the request. */
final class WorkloadApplier {
  private static final JsonMapper JSON = new JsonMapper();

  private final KubernetesClient client;
  private final Settings settings;

  WorkloadApplier(KubernetesClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * Carries an action out.
   *
   * @param plan the job's plan; null only if nothing is to be asked for
   * @param there the job's Workload as it was seen; null if there is none
   * @return why nothing could be asked for, if so
   * @throws KubernetesClientException if asking again may help
   */
  Optional<Problem> carryOut(
      DistillationJob job, RunPlan plan, QuotaAction action, Workload there, Instant now) {
    if (action instanceof QuotaAction.Ask ask) {
      return ask(job, plan, ask.pods());
    }
    if (there == null || action instanceof QuotaAction.Leave) {
      return Optional.empty();
    }
    if (action instanceof QuotaAction.Withdraw) {
      Deletion.of(client, there, DeletionPropagation.BACKGROUND);
    } else if (action instanceof QuotaAction.GiveBack) {
      write(there, StatusChange.giveBack(there, now));
    } else if (action instanceof QuotaAction.Report report) {
      write(there, StatusChange.podsReady(there, report.podsReady(), now));
    } else if (action instanceof QuotaAction.Finish finish) {
      write(there, StatusChange.finish(there, finish.complete(), finish.message(), now));
    }
    return Optional.empty();
  }

  private Optional<Problem> ask(DistillationJob job, RunPlan plan, PodSets pods) {
    Workload request = QuotaRequest.choices(job, plan, settings).get(pods);
    PriorityClassRef priorityClass = request.getSpec().priorityClassRef();
    Optional<Integer> priority = Optional.ofNullable(priorityClass).flatMap(this::value);
    if (priorityClass != null && priority.isEmpty()) {
      return Optional.of(
          Problem.of(
              "NoPriorityClass",
              "there is no %s %s".formatted(priorityClass.kind(), priorityClass.name())));
    }
    return Creation.of(
        client, priority.map(value -> QuotaRequest.withPriority(request, value)).orElse(request));
  }

  private Optional<Integer> value(PriorityClassRef reference) {
    if (reference.equals(PriorityClassRef.ofPods(reference.name()))) {
      return Optional.ofNullable(
              client.scheduling().v1().priorityClasses().withName(reference.name()).get())
          .map(PriorityClass::getValue);
    }
    return Optional.ofNullable(
            client.resources(WorkloadPriorityClass.class).withName(reference.name()).get())
        .map(WorkloadPriorityClass::getValue);
  }

  /** Only onto the very state that was seen: Kueue writes the same conditions. */
  private void write(Workload there, StatusChange change) {
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("metadata").put("resourceVersion", there.getMetadata().getResourceVersion());
    ObjectNode status = patch.putObject("status");
    for (Condition condition : change.conditions()) {
      status.withArray("conditions").add(JSON.<ObjectNode>valueToTree(condition));
    }
    if (change.withoutAdmission()) {
      status.putNull("admission");
    }
    client
        .resources(Workload.class)
        .inNamespace(there.getMetadata().getNamespace())
        .withName(there.getMetadata().getName())
        .subresource("status")
        .patch(ChildApplier.MERGE, patch.toString());
  }
}
