package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.ObservedState.Work;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Objects as an API server gives them, in YAML flow style. */
final class Objects {
  static final Warnings NO_WARNINGS = object -> Optional.empty();
  static final String CREATED = "2026-11-24T12:00:00Z";

  private Objects() {}

  static Pod pod(String name, String status) {
    return yaml(
        """
        {metadata: {name: %s, uid: %s-uid, namespace: n, creationTimestamp: "%s"},
         spec: {containers: [{name: trainer, resources: {limits: {memory: 4Gi}}}]}, status: %s}
        """
            .formatted(name, name, CREATED, status),
        Pod.class);
  }

  static Pod running(String name) {
    return pod(
        name,
        "{phase: Running, podIP: 10.0.0.1, containerStatuses: [{name: trainer, state: {running: {}}}]}");
  }

  static Pod ended(String name, int exitCode, String reason, String message) {
    return pod(
        name,
        """
        {phase: %s, containerStatuses: [{name: trainer, state: {terminated: {exitCode: %d, reason: %s,
         finishedAt: "2026-11-24T12:34:56Z", message: '%s'}}}]}
        """
            .formatted(exitCode == 0 ? "Succeeded" : "Failed", exitCode, reason, message));
  }

  /** The pod, as the one of this index of a Job of several. */
  static Pod rank(int index, Pod pod) {
    pod.getMetadata()
        .setAnnotations(
            Map.of("batch.kubernetes.io/job-completion-index", Integer.toString(index)));
    return pod;
  }

  /** The pod, made at another time than the others. */
  static Pod made(String time, Pod pod) {
    pod.getMetadata().setCreationTimestamp("2026-11-24T" + time + "Z");
    return pod;
  }

  /** The pod, ended at another time than the others. */
  static Pod endedAt(String time, Pod pod) {
    pod.getStatus()
        .getContainerStatuses()
        .get(0)
        .getState()
        .getTerminated()
        .setFinishedAt("2026-11-24T" + time + "Z");
    return pod;
  }

  /** A Job of so many pods. */
  static Job job(int pods, String status) {
    Job job = job("", status);
    job.getSpec().setCompletions(pods);
    return job;
  }

  static Job job(String metadata, String status) {
    return yaml(
        """
        {metadata: {name: j-trainer, uid: job-uid, namespace: n, creationTimestamp: "%s",
         annotations: {alambic.dev/token-budget: "1000"} %s},
         spec: {backoffLimit: 6}, status: %s}
        """
            .formatted(CREATED, metadata, status),
        Job.class);
  }

  static Deployment deployment(int replicas, String conditions) {
    return yaml(
        "{metadata: {name: j-teacher, namespace: n}, spec: {replicas: %d}, status: {conditions: %s}}"
            .formatted(replicas, conditions),
        Deployment.class);
  }

  static PersistentVolumeClaim claim(String phase) {
    return yaml(
        "{metadata: {name: j-checkpoints, namespace: n, uid: c}, status: {phase: %s}}"
            .formatted(phase),
        PersistentVolumeClaim.class);
  }

  /** The client takes what begins with a brace for JSON. */
  private static <T> T yaml(String flow, Class<T> kind) {
    return Serialization.unmarshal("---\n" + flow, kind);
  }

  /** The trainer as it is seen with nothing else told. */
  static Work work(ChildObjects seen, Warnings warnings) {
    return IndexedJobObservation.of(seen.trainer(), seen.checkpoints(), warnings, "trainer");
  }

  static ChildObjects trainer(Job job, Pod... pods) {
    return new ChildObjects(
        null, List.of(), new IndexedJob(job, List.of(pods)), IndexedJob.absent(), null);
  }

  static ChildObjects teacher(Deployment deployment, Pod... pods) {
    return new ChildObjects(
        deployment, List.of(pods), IndexedJob.absent(), IndexedJob.absent(), null);
  }
}
