package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.http.StatusServer;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.metrics.OperatorMetrics;
import dev.alambic.operator.render.Images;
import dev.alambic.operator.render.PodSecurity;
import dev.alambic.operator.render.Reachability;
import dev.alambic.operator.render.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reconciles the DistillationJobs of a cluster until it is asked to stop. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "Reconcile the DistillationJobs of a cluster.")
public final class OperatorCommand implements Callable<Integer> {
  private static final Duration SHUTDOWN = Duration.ofSeconds(20);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  @Option(names = "--image", required = true, description = "Image of teacher and trainer pods")
  private String image;

  @Option(names = "--image-pull-policy", description = "Always, IfNotPresent or Never")
  private String pullPolicy;

  @Option(
      names = "--namespaces",
      split = ",",
      description = "Namespaces whose jobs are reconciled (default: all)")
  private List<String> namespaces = List.of();

  @Option(
      names = "--operator-namespace",
      defaultValue = "${env:POD_NAMESPACE:-default}",
      description = "Where this operator runs: its lease, and who may ask pods for their progress")
  private String ownNamespace;

  @Option(
      names = "--monitoring-namespaces",
      split = ",",
      description = "Namespaces that may scrape the pods' metrics")
  private List<String> monitoring = List.of();

  @Option(
      names = "--leader-election",
      arity = "1",
      defaultValue = "true",
      description = "Whether one of several replicas leads (default: ${DEFAULT-VALUE})")
  private boolean leaderElection;

  @Option(
      names = "--threads",
      defaultValue = "8",
      description = "Jobs reconciled at once (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "HTTP port of health and metrics (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--name",
      defaultValue = "${env:POD_NAME}",
      description = "This replica's name in the lease (default: the pod's)")
  private String podName;

  @Option(
      names = "--kueue",
      description = "Jobs with a queue ask Kueue for quota; its kinds must be in the cluster")
  private boolean kueue;

  @Option(
      names = "--fixed-user",
      arity = "1",
      defaultValue = "true",
      description =
          "Whether a job's pods name the user that they run as; false where the cluster gives each"
              + " namespace users of its own, as OpenShift does (default: ${DEFAULT-VALUE})")
  private boolean fixedUser;

  @Option(
      names = "--allow-privileged-pods",
      description = "Jobs may ask for rights beyond the restricted Pod Security profile")
  private boolean privileged;

  private final AtomicBoolean stopping = new AtomicBoolean();

  @Override
  public Integer call() throws IOException, InterruptedException {
    OperatorMetrics metrics = new OperatorMetrics();
    KubernetesClient client = client(metrics);
    if (kueue && !client.supports(Workload.class)) {
      System.err.println(
          "error: --kueue: the cluster serves no Workloads of %s/%s: install Kueue 0.15 or newer,"
                  .formatted(Workload.GROUP, Workload.VERSION)
              + " or set kueue.enabled=false in the chart");
      return 1;
    }
    Operator operator = new Operator(config -> configure(config, client, metrics));
    operator.register(
        new DistillationJobReconciler(client, settings(), kueue, InstantSource.system(), metrics),
        this::configure);
    stopWithThisProcess(operator);
    try (StatusServer status = status(operator, metrics)) {
      operator.start();
      new CountDownLatch(1).await();
      return 0;
    } catch (OperatorException e) {
      System.err.println("error: " + e.getMessage());
      return 1;
    }
  }

  private static KubernetesClient client(OperatorMetrics metrics) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(LeanSerialization.create())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("metrics", metrics.apiRequests()))
        .build();
  }

  private void configure(
      ConfigurationServiceOverrider config, KubernetesClient client, OperatorMetrics metrics) {
    config
        .withKubernetesClient(client)
        .withConcurrentReconciliationThreads(threads)
        .withReconciliationTerminationTimeout(SHUTDOWN)
        .withMetrics(metrics.reconciling());
    if (leaderElection) {
      config.withLeaderElectionConfiguration(lease(metrics));
    } else {
      metrics.lead();
    }
  }

  /** A replica that lost the lease ends, and is restarted: its caches may be old. */
  private LeaderElectionConfiguration lease(OperatorMetrics metrics) {
    Runnable lost =
        () -> {
          if (!stopping.get()) {
            LoggerFactory.getLogger(OperatorCommand.class).warn("another replica leads: ending");
            new Thread(() -> System.exit(1), "exit").start();
          }
        };
    return Lease.of(ownNamespace, podName, metrics::lead, lost);
  }

  /** On SIGTERM what is under way is finished, and the lease is given back. */
  private void stopWithThisProcess(Operator operator) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  operator.stop();
                },
                "stop"));
  }

  void configure(ControllerConfigurationOverrider<DistillationJob> config) {
    config
        .withFieldManager(ChildApplier.FIELD_MANAGER)
        .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 4))
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis())
                .withoutMaxAttempts());
    if (namespaces.isEmpty()) {
      config.watchingAllNamespaces();
    } else {
      config.settingNamespaces(Set.copyOf(namespaces));
    }
  }

  private Settings settings() {
    return new Settings(
        new Images(image, pullPolicy),
        new Reachability(ownNamespace, monitoring),
        new PodSecurity(fixedUser, !privileged));
  }

  /** Not healthy means that the process is started again. */
  private StatusServer status(Operator operator, OperatorMetrics metrics) {
    return new StatusServer(port)
        .probe(
            "/healthz",
            () ->
                !operator.getRuntimeInfo().isStarted()
                    || operator.getRuntimeInfo().allEventSourcesAreHealthy())
        .probe("/readyz", () -> operator.getRuntimeInfo().isStarted())
        .serve("/metrics", "text/plain; version=0.0.4", () -> true, metrics::scrape)
        .start();
  }
}
