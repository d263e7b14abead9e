package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.failure.BoundedText;
import dev.alambic.operator.lifecycle.Event;
import dev.alambic.operator.observe.Warnings;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelectorBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of the cluster: publishes those of a job, and reads those of its children. */
final class ClusterEvents implements Warnings {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEvents.class);
  private static final String COMPONENT = "alambic-operator";
  private static final int LONGEST_MESSAGE_BYTES = 1024;

  /** The index by the object that an event is about. */
  private static final String OBJECT = "object";

  private final KubernetesClient client;
  private InformerEventSource<io.fabric8.kubernetes.api.model.Event, DistillationJob> warnings;

  ClusterEvents(KubernetesClient client) {
    this.client = client;
  }

  /** Publishes an event. One that fails is logged: nothing rests on events. */
  void publish(DistillationJob job, Event event, Instant now) {
    LOG.info("{}: {}", event.reason(), event.message());
    try {
      client
          .v1()
          .events()
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(job.getMetadata().getName() + ".")
                  .withNamespace(job.getMetadata().getNamespace())
                  .endMetadata()
                  .withInvolvedObject(reference(job))
                  .withType(event.type().name())
                  .withReason(event.reason())
                  .withMessage(BoundedText.cut(event.message(), LONGEST_MESSAGE_BYTES))
                  .withFirstTimestamp(now.toString())
                  .withLastTimestamp(now.toString())
                  .withCount(1)
                  .withNewSource()
                  .withComponent(COMPONENT)
                  .endSource()
                  .withReportingComponent(COMPONENT)
                  .withReportingInstance(COMPONENT)
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      LOG.warn("event {} could not be published: {}", event.reason(), e.getMessage());
    }
  }

  /**
   * The warnings in the namespaces of the jobs. They are watched, because the API server has no
   * cache of events: each list of them is read from etcd. A new warning does not start a decision,
   * since a job that waits is looked at every few seconds.
   */
  InformerEventSource<io.fabric8.kubernetes.api.model.Event, DistillationJob> source(
      EventSourceContext<DistillationJob> context) {
    warnings =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(
                    io.fabric8.kubernetes.api.model.Event.class, DistillationJob.class)
                .withFieldSelector(new FieldSelectorBuilder().withField("type", "Warning").build())
                .withSecondaryToPrimaryMapper(warning -> Set.of())
                .build(),
            context);
    warnings.addIndexers(Map.of(OBJECT, warning -> List.of(uid(warning))));
    return warnings;
  }

  private static String uid(io.fabric8.kubernetes.api.model.Event event) {
    return Objects.requireNonNullElse(event.getInvolvedObject().getUid(), "");
  }

  @Override
  public Optional<String> latest(HasMetadata object) {
    return warnings.byIndex(OBJECT, object.getMetadata().getUid()).stream()
        .max(Comparator.comparing(ClusterEvents::time))
        .map(io.fabric8.kubernetes.api.model.Event::getMessage);
  }

  private static String time(io.fabric8.kubernetes.api.model.Event event) {
    return Objects.requireNonNullElse(
        event.getLastTimestamp(), event.getMetadata().getCreationTimestamp());
  }

  private static ObjectReference reference(DistillationJob job) {
    return new ObjectReferenceBuilder()
        .withApiVersion(job.getApiVersion())
        .withKind(job.getKind())
        .withName(job.getMetadata().getName())
        .withNamespace(job.getMetadata().getNamespace())
        .withUid(job.getMetadata().getUid())
        .build();
  }
}
