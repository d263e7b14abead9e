package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.util.Map;

/**
 * What happens to jobs in a cluster: together the stories have the operator do all that it does.
 */
enum ClusterStory {
  /** A teacher that is slow to start, a trainer that ends, and nothing is left after that. */
  FromApplyToDeletion {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit("ttlSecondsAfterFinished: 0");
      stage.awaitObject(TEACHER);
      stage.teacher("{phase: Pending, containerStatuses: [" + CREATING + "]}");
      stage.awaitAsked("/events", "list");
      stage.teacher(READY);
      stage.awaitObject(TRAINER);
      stage.put(TRAINER + "/status", COMPLETE);
      stage.awaitNone(JOB);
    }
  },

  /** The trainer of a job that is held goes; one that is there already is found out about. */
  Suspended {
    @Override
    void tell(Stage stage) {
      stage.server().fail("POST", "/jobs", 409, "already exists");
      stage.start();
      stage.submit();
      stage.awaitObject(TEACHER);
      stage.teacher(READY);
      stage.awaitAsked("batch/jobs", "get");
      stage.teacher(READY.replace("True", "Unknown"));
      stage.teacher(READY);
      stage.awaitObject(TRAINER);
      stage.submit("suspend: true");
      stage.awaitNone(TRAINER);
      stage.awaitThat(() -> stage.get(TEACHER).at("/spec/replicas").asInt(-1) == 0);
    }
  },

  /** First the signal cache, then the training; no teacher that answers, and so no token. */
  Offline {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit("signal: {mode: Offline, cache: {volume: {claimName: shared}}}");
      stage.awaitObject(FILL);
      stage.put(
          FILL + "/status",
          "status: {succeeded: 1, conditions: [{type: Complete, status: 'True'}]}");
      stage.awaitObject(TRAINER);
      assertThat(stage.server().asked()).doesNotContain(new Access("/secrets", "create"));
    }
  },

  /** A Secret that somebody deletes is made again, and the teachers that know the old one go. */
  TokenLost {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit();
      stage.awaitObject(TEACHER);
      String secret =
          stage.server().requests("POST", "/secrets").get(0).body().at("/metadata/name").asText();
      stage.delete(SECRETS + secret);
      stage.teacher(
          "{phase: Pending, containerStatuses: ["
              + CREATING.replace(
                  "ContainerCreating",
                  "CreateContainerConfigError, message: 'secret \"%s\" not found'"
                      .formatted(secret))
              + "]}");
      stage.awaitObject(SECRETS + secret);
      stage.awaitThat(
          () ->
              stage
                  .get(TEACHER)
                  .at("/spec/template/metadata/annotations")
                  .has("alambic.dev/token-made"));
    }
  },

  /**
   * A mesh's proxy goes on beside a trainer that is to start again, and beside one that is done.
   */
  Sidecar {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit();
      stage.awaitObject(TEACHER);
      stage.teacher(READY);
      stage.awaitObject(TRAINER);
      stage.pod("quickstart-trainer-0", "trainer", BESIDE_A_PROXY.formatted(74));
      stage.awaitNone("/api/v1/~/pods/quickstart-trainer-0");
      stage.pod("quickstart-trainer-1", "trainer", BESIDE_A_PROXY.formatted(0));
      stage.awaitThat(() -> stage.get(TRAINER).at("/spec/suspend").asBoolean());
      stage.awaitThat(() -> "Complete".equals(stage.get(JOB).at("/status/phase").asText()));
    }
  },

  /** What can no longer be planned is stopped all the same. */
  HeldWithoutAPlan {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit();
      stage.awaitObject(TEACHER);
      stage.submit("{suspend: true, data: {uri: 'file:///here'}}");
      stage.awaitThat(() -> stage.get(TEACHER).at("/spec/replicas").asInt(-1) == 0);
    }
  },

  /** vLLM on the job's pods has its key from the job's Secret. */
  Vllm {
    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit("{teacher: {runtime: OpenAI, pod: {image: vllm}}, signal: {encoding: TopK}}");
      stage.awaitObject(TEACHER);
      assertThat(stage.get(TEACHER).toString()).contains("VLLM_API_KEY");
      stage.teacher(READY);
      stage.awaitObject(TRAINER);
    }
  },

  /** Quota is asked for, given, taken away, asked for again, and no longer wanted. */
  Queued {
    @Override
    boolean kueue() {
      return true;
    }

    @Override
    void tell(Stage stage) {
      stage.put(
          "/apis/kueue.x-k8s.io/v1beta2/workloadpriorityclasses/urgent",
          "{apiVersion: kueue.x-k8s.io/v1beta2, kind: WorkloadPriorityClass,"
              + " metadata: {name: urgent}, value: 7}");
      stage.put(
          "/apis/kueue.x-k8s.io/v1beta2/resourceflavors/spot",
          "{apiVersion: kueue.x-k8s.io/v1beta2, kind: ResourceFlavor, metadata: {name: spot}}");
      stage.server().fail("POST", "/workloads", 409, "already exists");
      stage.start();
      DistillationJob job = Cluster.job("queueName: gpus");
      job.getMetadata().setLabels(Map.of("kueue.x-k8s.io/priority-class", "urgent"));
      stage.submit(job);
      stage.awaitAsked("kueue.x-k8s.io/workloads", "get");
      stage.submit("{queueName: gpus, backoffLimit: 1}");
      stage.awaitObject(WORKLOAD);
      stage.put(WORKLOAD + "/status", ADMITTED.formatted(""));
      stage.awaitObject(TEACHER);
      stage.put(
          WORKLOAD + "/status",
          ADMITTED.formatted(", {type: Evicted, status: 'True', reason: Preempted, message: p}"));
      stage.awaitAsked("kueue.x-k8s.io/workloads/status", "patch");
      stage.submit("{queueName: gpus, backoffLimit: 1, suspend: true}");
      stage.awaitNone(WORKLOAD);
    }
  },

  /** A priority class of pods is worth what the cluster says. */
  QueuedByThePriorityOfItsPods {
    @Override
    boolean kueue() {
      return true;
    }

    @Override
    void tell(Stage stage) {
      stage.put(
          "/apis/scheduling.k8s.io/v1/priorityclasses/high",
          "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high},"
              + " value: 9}");
      stage.start();
      stage.submit("{queueName: gpus, trainer: {pod: {priorityClassName: high}}}");
      stage.awaitThat(() -> stage.get(WORKLOAD).at("/spec/priority").asInt() == 9);
    }
  },

  /** One of several replicas leads, and goes on to. */
  Leading {
    @Override
    void configure(ConfigurationServiceOverrider config) {
      config.withLeaderElectionConfiguration(
          Lease.of("alambic-system", "replica-0", () -> {}, () -> {}));
    }

    @Override
    void tell(Stage stage) {
      stage.start();
      stage.submit();
      stage.awaitObject(TEACHER);
      stage.awaitAsked("coordination.k8s.io/leases", "patch");
    }
  };

  private static final String JOB = "/apis/alambic.dev/v1alpha1/~/distillationjobs/quickstart";
  private static final String TEACHER = "/apis/apps/v1/~/deployments/quickstart-teacher";
  private static final String TRAINER = "/apis/batch/v1/~/jobs/quickstart-trainer";
  private static final String FILL = "/apis/batch/v1/~/jobs/quickstart-fill";
  private static final String SECRETS = "/api/v1/~/secrets/";
  private static final String WORKLOAD =
      "/apis/kueue.x-k8s.io/v1beta2/~/workloads/distillationjob-quickstart";
  private static final String CREATING =
      "{name: teacher, image: a, imageID: b, ready: false, restartCount: 0,"
          + " state: {waiting: {reason: ContainerCreating}}}";
  private static final String READY =
      "{phase: Running, podIP: 127.0.0.1, conditions: [{type: Ready, status: 'True'}]}";
  private static final String BESIDE_A_PROXY =
      "{phase: Running, containerStatuses: [{name: proxy, image: a, imageID: b, ready: true,"
          + " restartCount: 0, state: {running: {}}}, {name: trainer, image: a, imageID: b, ready:"
          + " false, restartCount: 0, state: {terminated: {exitCode: %d}}}]}";
  private static final String COMPLETE = "status: {conditions: [{type: Complete, status: 'True'}]}";
  private static final String ADMITTED =
      "status: {conditions: [{type: QuotaReserved, status: 'True', reason: r, message: r},"
          + " {type: Admitted, status: 'True', reason: Admitted, message: a}%s],"
          + " admission: {clusterQueue: q, podSetAssignments: ["
          + "{name: teacher, flavors: {cpu: spot}}, {name: trainer, flavors: {cpu: spot}}]}}";

  boolean kueue() {
    return false;
  }

  void configure(ConfigurationServiceOverrider config) {}

  /**
   * Plays the story to its end.
   *
   * @throws Stage.CutShort if the operator is refused something on the way
   */
  abstract void tell(Stage stage);

  /** A stage for it. */
  Stage stage(AccessRules rules) {
    return new Stage(rules, kueue(), this::configure);
  }
}
