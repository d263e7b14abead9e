package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.kueue.QueueName;
import dev.alambic.operator.kueue.ResourceFlavor;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.lifecycle.Children;
import dev.alambic.operator.lifecycle.Decision;
import dev.alambic.operator.lifecycle.Event;
import dev.alambic.operator.lifecycle.Lifecycle;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.Outcome;
import dev.alambic.operator.lifecycle.Quota;
import dev.alambic.operator.lifecycle.Report;
import dev.alambic.operator.metrics.OperatorMetrics;
import dev.alambic.operator.observe.ChildObjects;
import dev.alambic.operator.observe.Observation;
import dev.alambic.operator.observe.QuotaObservation;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.progress.ProgressFeed;
import dev.alambic.operator.progress.TrainerAddress;
import dev.alambic.operator.render.HttpPort;
import dev.alambic.operator.render.Labels;
import dev.alambic.operator.render.QuotaRequest;
import dev.alambic.operator.render.Settings;
import dev.alambic.operator.render.Storage;
import dev.alambic.operator.token.RandomToken;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.Mappers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Observes a job, decides once, carries the decision out, and writes the status once. */
final class DistillationJobReconciler implements Reconciler<DistillationJob> {
  private final KubernetesClient client;
  private final Settings settings;
  private final boolean kueue;
  private final ChildApplier applier;
  private final WorkloadApplier workloadApplier;
  private final ClusterEvents events;
  private final InstantSource clock;
  private final OperatorMetrics metrics;
  private final SimpleInboundEventSource<DistillationJob> progressNews =
      new SimpleInboundEventSource<>("progress");
  private final ProgressFeed<ResourceID> progress =
      ProgressFeed.overHttp(progressNews::propagateEvent);

  /** Null where there is no Kueue. */
  private InformerEventSource<ResourceFlavor, DistillationJob> flavors;

  /** Of the last few seconds. */
  private final Map<ResourceID, Instant> statusWritten = new ConcurrentHashMap<>();

  /**
   * The reconciler.
   *
   * @param kueue whether the cluster has Kueue's kinds, and jobs may ask it for quota
   */
  DistillationJobReconciler(
      KubernetesClient client,
      Settings settings,
      boolean kueue,
      InstantSource clock,
      OperatorMetrics metrics) {
    this.client = client;
    this.settings = settings;
    this.kueue = kueue;
    this.applier = new ChildApplier(client, settings, new RandomToken());
    this.workloadApplier = new WorkloadApplier(client, settings);
    this.events = new ClusterEvents(client);
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public List<EventSource<?, DistillationJob>> prepareEventSources(
      EventSourceContext<DistillationJob> context) {
    List<EventSource<?, DistillationJob>> sources = new ArrayList<>();
    for (Class<? extends HasMetadata> kind : ChildCache.KINDS) {
      sources.add(children(kind, context));
    }
    if (kueue) {
      sources.add(children(Workload.class, context));
      flavors = flavors(context);
      sources.add(flavors);
    }
    sources.add(events.source(context));
    sources.add(progressNews);
    metrics.show(() -> context.getPrimaryCache().list().toList());
    return sources;
  }

  /** Of the whole cluster, wherever the jobs are; one that changes concerns no job that runs. */
  private static InformerEventSource<ResourceFlavor, DistillationJob> flavors(
      EventSourceContext<DistillationJob> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(ResourceFlavor.class, DistillationJob.class)
            .withWatchAllNamespaces()
            .withSecondaryToPrimaryMapper(flavor -> Set.of())
            .build(),
        context);
  }

  private static <T extends HasMetadata> EventSource<T, DistillationJob> children(
      Class<T> kind, EventSourceContext<DistillationJob> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(kind, DistillationJob.class)
            .withLabelSelector(Labels.ALL_CHILDREN)
            .withSecondaryToPrimaryMapper(
                Mappers.fromAnnotation(Labels.JOB_NAME, null, DistillationJob.class))
            .build(),
        context);
  }

  @Override
  public UpdateControl<DistillationJob> reconcile(
      DistillationJob job, Context<DistillationJob> context) {
    ResourceID id = ResourceID.fromResource(job);
    if (job.getMetadata().getDeletionTimestamp() != null) {
      progress.forget(id);
      return UpdateControl.noUpdate();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    ChildCache cache = new ChildCache(job, context);
    PlanResult result = JobPlan.of(job, kueue, settings.podSecurity());
    RunPlan plan = result.planned().orElse(null);
    Workload workload = kueue ? cache.workload().orElse(null) : null;
    ObservedState observed = observe(id, job, cache.seen()).with(quota(job, plan, workload));
    Decision decision = Lifecycle.decide(job, result, observed, now);
    Children desired = decision.desired();
    if (desired.deleteJob()) {
      client.resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
      return UpdateControl.noUpdate();
    }
    Outcome outcome =
        applier
            .carryOut(job, plan, desired, observed, cache)
            .map(Outcome::childRefused)
            .or(
                () ->
                    workloadApplier
                        .carryOut(job, plan, desired.quota(), workload, now)
                        .map(Outcome::requestRefused))
            .orElseGet(Outcome::done);
    Report report = Lifecycle.report(decision, outcome);
    UpdateControl<DistillationJob> control = update(job, report, context, now);
    report.events().forEach(event -> publish(job, event, now));
    return control;
  }

  private void publish(DistillationJob job, Event event, Instant now) {
    events.publish(job, event, now);
    metrics.count(event);
  }

  private ObservedState observe(ResourceID id, DistillationJob job, ChildObjects seen) {
    Optional<Pod> running = Observation.runningTrainer(seen);
    if (running.isEmpty()) {
      progress.forget(id);
    }
    Progress reported = running.flatMap(pod -> progress.follow(id, address(pod))).orElse(null);
    return Observation.of(seen, reported, Storage.endpoint(job), Storage.modelUri(job), events);
  }

  private Quota quota(DistillationJob job, RunPlan plan, Workload workload) {
    return kueue
        ? QuotaObservation.of(
            QueueName.of(job).orElse(null),
            workload,
            QuotaRequest.choices(job, plan, settings),
            name -> flavors.get(new ResourceID(name)))
        : Quota.none();
  }

  private static TrainerAddress address(Pod pod) {
    String ip = pod.getStatus().getPodIP();
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    return new TrainerAddress(
        pod.getMetadata().getUid(),
        URI.create("http://" + host + ":" + HttpPort.NUMBER + "/progress"));
  }

  /**
   * Writes the status if it is due. What was written is put into the cache at once: the next
   * decision must not rest on the status before.
   */
  private UpdateControl<DistillationJob> update(
      DistillationJob job, Report report, Context<DistillationJob> context, Instant now) {
    ResourceID id = ResourceID.fromResource(job);
    Duration wait =
        StatusThrottle.wait(job.getStatus(), report.status(), statusWritten.get(id), now);
    if (wait != null && wait.isZero()) {
      metrics.changed(job, job.getStatus(), report.status(), now);
      PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(
          job, withStatus(job, report.status()), context);
      statusWritten.values().removeIf(time -> StatusThrottle.past(time, now));
      statusWritten.put(id, now);
    }
    UpdateControl<DistillationJob> control = UpdateControl.noUpdate();
    return Stream.of(report.lookAgainIn(), Optional.ofNullable(wait).filter(time -> !time.isZero()))
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .map(control::rescheduleAfter)
        .orElse(control);
  }

  /** Never the cached object: only what is written. */
  private static DistillationJob withStatus(DistillationJob job, DistillationJobStatus status) {
    DistillationJob patch = new DistillationJob();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(job.getMetadata().getName())
            .withNamespace(job.getMetadata().getNamespace())
            .build());
    patch.setStatus(status);
    return patch;
  }
}
