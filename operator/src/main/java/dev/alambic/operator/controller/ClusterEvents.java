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
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of the cluster: publishes those of a job, and reads those of its children. */
final class ClusterEvents implements Warnings {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEvents.class);
  private static final String COMPONENT = "alambic-operator";
  private static final int LONGEST_MESSAGE_BYTES = 1024;

  private final KubernetesClient client;

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

  @Override
  public Optional<String> latest(HasMetadata object) {
    return client
        .v1()
        .events()
        .inNamespace(object.getMetadata().getNamespace())
        .withField("involvedObject.uid", object.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(event -> "Warning".equals(event.getType()))
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
