package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.lifecycle.Children;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.observe.ChildObjects;
import dev.alambic.operator.observe.IndexedJob;
import dev.alambic.operator.observe.Lingering;
import dev.alambic.operator.observe.MissingSecret;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.render.AdmittedPods;
import dev.alambic.operator.render.Labels;
import dev.alambic.operator.render.Rendering;
import dev.alambic.operator.render.Settings;
import dev.alambic.operator.render.TokenSecret;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the children what a decision asks for. */
final class ChildApplier {
  /** Who owns the fields that are applied; the same as of the status. */
  static final String FIELD_MANAGER = "alambic";

  /** Changes only the fields that it names. */
  static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(FIELD_MANAGER)
          .build();

  /**
   * Containers that still run in a pod whose work has ended are asked to end, with a short grace.
   */
  private static final long LINGERING_SECONDS = 30;

  private final KubernetesClient client;
  private final Settings settings;
  private final TokenSecretApplier tokenSecretApplier;
  private final Applied applied = new Applied();

  /**
   * An applier.
   *
   * @param tokens of the teachers: a new one each time
   */
  ChildApplier(KubernetesClient client, Settings settings, Supplier<String> tokens) {
    this.client = client;
    this.settings = settings;
    this.tokenSecretApplier = new TokenSecretApplier(client, tokens);
  }

  /**
   * Carries a decision out. The trainer is stopped before its teacher and started after everything
   * else stands.
   *
   * @param plan the job's plan; null if there is none, which is only so when nothing is to be made
   *     but a teacher may have to go
   * @return why a child could not be made, if the API server refused one
   * @throws KubernetesClientException if asking again may help
   */
  Optional<Problem> carryOut(
      DistillationJob job,
      RunPlan plan,
      Children desired,
      ObservedState observed,
      ChildCache cache) {
    ChildObjects seen = cache.seen();
    if (stops(desired.trainer(), observed.trainer())) {
      stop(seen.trainer().job());
    }
    if (stops(desired.fill(), observed.fill().work())) {
      stop(seen.fill().job());
    }
    endWhatLingers(seen.trainer());
    endWhatLingers(seen.fill());
    if (plan == null) {
      if (desired.teacherReplicas() == 0) {
        endTeacher(seen.teacher());
      }
      return Optional.empty();
    }
    Optional<Problem> refusal =
        desired.volumes()
            ? stand(job, plan, desired, cache).or(() -> mend(job, seen))
            : scaleTeacher(job, plan, desired, seen.teacher());
    if (refusal.isPresent()) {
      return refusal;
    }
    if (starts(desired.fill(), observed.fill().work())) {
      return start(fill(job, plan, desired));
    }
    if (starts(desired.trainer(), observed.trainer())) {
      return start(trainer(job, plan, desired));
    }
    if (refused(seen.fill(), observed.fill().work())) {
      makeAnew(seen.fill().job(), fill(job, plan, desired));
    }
    if (refused(seen.trainer(), observed.trainer())) {
      makeAnew(seen.trainer().job(), trainer(job, plan, desired));
    }
    return Optional.empty();
  }

  private Job fill(DistillationJob job, RunPlan plan, Children desired) {
    return marked(AdmittedPods.of(Rendering.fill(job, plan, settings), desired.additions()));
  }

  private Job trainer(DistillationJob job, RunPlan plan, Children desired) {
    return marked(AdmittedPods.of(Rendering.trainer(job, plan, settings), desired.additions()));
  }

  private static Job marked(Job job) {
    job.getMetadata().getAnnotations().put(Labels.MADE_OF, Applied.fingerprint(job.getSpec()));
    return job;
  }

  /** Whether a Job has no pod because none may be made. */
  private static boolean refused(IndexedJob seen, ObservedState.Work there) {
    return seen.job() != null
        && seen.pods().isEmpty()
        && there.state() == ObservedState.WorkState.Pending
        && there.problem() != null;
  }

  /**
   * A Job never changes; one whose pods were refused, and would be others now, makes room for
   * another: what was refused has been mended.
   */
  private void makeAnew(Job refused, Job now) {
    String madeOf = annotation(refused, Labels.MADE_OF);
    if (madeOf != null && !madeOf.equals(annotation(now, Labels.MADE_OF))) {
      stop(refused);
    }
  }

  private static String annotation(Job job, String key) {
    return job.getMetadata().getAnnotations().get(key);
  }

  /**
   * What lingers of a Job goes; what its work ended with is written down first. The pods are
   * deleted before the Job is suspended, which would give them all of their own time to end.
   */
  private void endWhatLingers(IndexedJob seen) {
    Job job = seen.job();
    Lingering lingering = Lingering.of(seen);
    if (lingering.result().isPresent() && !patched(job, ended(lingering.result().get()), "")) {
      return;
    }
    lingering
        .pods()
        .forEach(
            pod -> Deletion.of(client, pod, DeletionPropagation.BACKGROUND, LINGERING_SECONDS));
    if (lingering.suspend()) {
      patched(job, "", ", \"spec\": {\"suspend\": true}");
    }
  }

  private static String ended(int exitCode) {
    return ", \"annotations\": {\"%s\": \"%d\"}".formatted(Labels.ENDED, exitCode);
  }

  /** Changes exactly the Job that was seen; false if there is no such Job any more. */
  private boolean patched(Job job, String inMetadata, String beside) {
    String patch =
        "{\"metadata\": {\"uid\": \"%s\"%s}%s}"
            .formatted(job.getMetadata().getUid(), inMetadata, beside);
    try {
      client.resource(job).patch(MERGE, patch);
      return true;
    } catch (KubernetesClientException e) {
      // It is gone, or it is another's of that name.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }

  private static boolean stops(TrainerAction action, ObservedState.Work there) {
    return action == TrainerAction.Restart
        || (action == TrainerAction.None && there.state() != ObservedState.WorkState.Absent);
  }

  private static boolean starts(TrainerAction action, ObservedState.Work there) {
    return action == TrainerAction.Run && there.state() == ObservedState.WorkState.Absent;
  }

  private Optional<Problem> stand(
      DistillationJob job, RunPlan plan, Children desired, ChildCache cache) {
    for (HasMetadata rendered :
        Rendering.standing(job, plan, desired.teacherReplicas(), true, settings)) {
      HasMetadata child = AdmittedPods.of(rendered, desired.additions());
      HasMetadata actual = cache.find(child).orElse(null);
      boolean newPods = child instanceof Deployment && !applied.current(child, actual);
      Optional<Problem> refusal =
          newPods ? tokenSecretApplier.make(job, cache.seen().teacher()) : Optional.empty();
      refusal = refusal.or(() -> apply(child, actual));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /** A deleted Secret is missed only by the next pod: Secrets are not watched. */
  private Optional<Problem> mend(DistillationJob job, ChildObjects seen) {
    return MissingSecret.holdsUp(seen, TokenSecret.name(job))
        ? tokenSecretApplier.make(job, seen.teacher())
        : Optional.empty();
  }

  /** A job that is held or over makes nothing new: a teacher that is there is scaled. */
  private Optional<Problem> scaleTeacher(
      DistillationJob job, RunPlan plan, Children desired, Deployment teacher) {
    return teacher == null
        ? Optional.empty()
        : apply(
            AdmittedPods.of(
                Rendering.teacher(job, plan, desired.teacherReplicas(), settings),
                desired.additions()),
            teacher);
  }

  /** Without a plan a teacher cannot be rendered: the one that is there is scaled as it is. */
  private void endTeacher(Deployment teacher) {
    if (teacher != null && !Integer.valueOf(0).equals(teacher.getSpec().getReplicas())) {
      client.resource(teacher).patch(MERGE, "{\"spec\": {\"replicas\": 0}}");
    }
  }

  private Optional<Problem> apply(HasMetadata desired, HasMetadata actual) {
    boolean madeOnce = desired instanceof PersistentVolumeClaim && actual != null;
    if (madeOnce || applied.current(desired, actual)) {
      return Optional.empty();
    }
    try {
      HasMetadata result =
          client.resource(desired).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
      applied.remember(desired, result);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Refusal.orThrow(desired, e);
    }
  }

  private Optional<Problem> start(Job job) {
    return Creation.of(client, job);
  }

  /** It stays until its pods are gone, so that the next does not start beside them. */
  private void stop(Job trainer) {
    Deletion.of(client, trainer, DeletionPropagation.FOREGROUND);
  }
}
