package dev.alambic.operator.controller;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The whole operator, with what a role lets it do, in a cluster of which a story plays all else. A
 * story ends early when the operator is refused something.
 */
final class Stage implements AutoCloseable {
  private static final String N = "/namespaces/" + Cluster.NAMESPACE + "/";
  private static final ApiPath JOB =
      ApiPath.of("/apis/alambic.dev/v1alpha1" + N + "distillationjobs/quickstart");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final OperatorMetrics metrics = new OperatorMetrics();
  private final FakeApiServer server;
  private final KubernetesClient client;
  private final Operator operator;
  private final ExecutorService starter = Executors.newSingleThreadExecutor();

  /** Why a story did not come to its end. */
  static final class CutShort extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CutShort(String why) {
      super(why);
    }
  }

  Stage(AccessRules rules, boolean kueue, Consumer<ConfigurationServiceOverrider> more) {
    try {
      server = new FakeApiServer();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.allowOnly(rules);
    client = server.client();
    operator =
        new Operator(
            config -> {
              config
                  .withKubernetesClient(client)
                  // Or an informer whose server goes before it would end this process.
                  .withInformerStoppedHandler((informer, failure) -> {})
                  .withReconciliationTerminationTimeout(Duration.ofSeconds(2));
              more.accept(config);
            });
    // Without the limit of its own on how often it looks at a job.
    operator.register(
        new DistillationJobReconciler(
            client, Cluster.SETTINGS, kueue, InstantSource.system(), metrics),
        config -> config.withFieldManager(ChildApplier.FIELD_MANAGER));
  }

  FakeApiServer server() {
    return server;
  }

  /** All that the operator shows to monitoring. */
  String metrics() {
    return metrics.scrape();
  }

  /** Starts the operator. */
  void start() {
    CompletableFuture<Void> started = CompletableFuture.runAsync(operator::start, starter);
    awaitThat(started::isDone);
    if (started.isCompletedExceptionally()) {
      throw new CutShort("the operator does not start");
    }
  }

  void submit(String... fields) {
    submit(Cluster.job(fields));
  }

  void submit(DistillationJob job) {
    try {
      server.objects().apply(JOB, new JsonMapper().readTree(Serialization.asJson(job)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a controller of the cluster does: makes an object, or changes it. */
  void put(String path, String yaml) {
    try {
      server.objects().apply(path(path), new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a user does. */
  void delete(String path) {
    if (server.objects().delete(path(path)) == null) {
      throw new AssertionError(path);
    }
  }

  /** What is at a path, {@code ~} in place of the job's namespace; missing if nothing is. */
  JsonNode get(String path) {
    JsonNode object = server.objects().get(path(path));
    return object == null ? new JsonMapper().missingNode() : object;
  }

  private static ApiPath path(String path) {
    return ApiPath.of(path.replace("/~/", N));
  }

  void awaitObject(String path) {
    awaitThat(() -> !get(path).isMissingNode());
  }

  void awaitNone(String path) {
    awaitThat(() -> get(path).isMissingNode());
  }

  /** Waits until the operator has asked for this. */
  void awaitAsked(String resource, String verb) {
    awaitThat(() -> server.asked().contains(new Access(resource, verb)));
  }

  void awaitThat(BooleanSupplier reached) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> !server.refused().isEmpty() || reached.getAsBoolean());
    if (!server.refused().isEmpty()) {
      throw new CutShort("refused: " + server.refused());
    }
  }

  /** A teacher's pod. */
  void teacher(String status) {
    pod("quickstart-teacher-0", "teacher", status);
  }

  void pod(String name, String role, String status) {
    put(
        "/api/v1/~/pods/" + name,
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: %s
          labels: {app.kubernetes.io/component: %s}
          annotations: {alambic.dev/job-name: quickstart}
        """
            .formatted(name, Cluster.NAMESPACE, role));
    put("/api/v1/~/pods/" + name + "/status", "status: " + status);
  }

  @Override
  public void close() {
    server.close();
    operator.stop();
    client.close();
    metrics.close();
    starter.shutdownNow();
  }
}
