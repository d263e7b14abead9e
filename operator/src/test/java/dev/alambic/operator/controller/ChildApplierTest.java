package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.lifecycle.Children;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.render.Labels;
import dev.alambic.operator.render.PodSecurity;
import dev.alambic.operator.render.Rendering;
import dev.alambic.operator.render.Role;
import dev.alambic.operator.render.Settings;
import dev.alambic.operator.render.TokenSecret;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, and what comes of each answer. */
class ChildApplierTest {
  private static final String N = "/namespaces/research/";
  private static final String DEPLOYMENT =
      "PATCH /apis/apps/v1" + N + "deployments/quickstart-teacher";
  private static final String JOBS = "/apis/batch/v1" + N + "jobs";
  private static final String TRAINER = JOBS + "/quickstart-trainer";
  private static final String RUN_SPEC = "configmaps/quickstart-run";
  private static final String TOKEN = "dG9rZW4";
  private static final String SECRETS = "/api/v1" + N + "secrets";
  private static final List<String> LASTING =
      List.of(
          "PATCH /apis/networking.k8s.io/v1" + N + "networkpolicies/quickstart-teacher",
          "PATCH /apis/networking.k8s.io/v1" + N + "networkpolicies/quickstart-trainer",
          "PATCH /api/v1" + N + "configmaps/quickstart-run",
          "PATCH /api/v1" + N + "persistentvolumeclaims/quickstart-checkpoints",
          "PATCH /api/v1" + N + "services/quickstart-teacher",
          "PATCH /api/v1" + N + "services/quickstart-trainer",
          "PATCH /apis/policy/v1" + N + "poddisruptionbudgets/quickstart-teacher",
          "POST " + SECRETS,
          DEPLOYMENT);
  private static final Children TEACHER_ALONE = new Children(1, TrainerAction.None, true, false);
  private static final Children BOTH = new Children(1, TrainerAction.Run, true, false);
  private static final Children HELD = new Children(0, TrainerAction.None, false, false);
  private static final ObservedState TEACHER_READY =
      new ObservedState(new Teacher(1, 1, null, "dns:///t:9090"), Work.absent(), null, null);
  private static final ObservedState RUNNING =
      new ObservedState(
          TEACHER_READY.teacher(),
          new Work(
              WorkState.Running,
              null,
              null,
              null,
              0,
              null,
              new ObservedState.Order(3_000_000L, false),
              null),
          null,
          null);

  private final DistillationJob job = Cluster.job();
  private final RunPlan plan = JobPlan.of(job, false, PodSecurity.USUAL).planned().orElseThrow();
  private FakeApiServer server;
  private KubernetesClient client;
  private ChildApplier applier;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer();
    client = server.client();
    applier = new ChildApplier(client, Cluster.SETTINGS, () -> TOKEN);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** With informers that have seen everything. */
  private Optional<Problem> carryOut(Children desired, ObservedState observed) {
    return carryOut(desired, observed, server.shown());
  }

  private Optional<Problem> carryOut(
      Children desired, ObservedState observed, List<? extends HasMetadata> shown) {
    return applier.carryOut(job, plan, desired, observed, Cluster.cache(job, shown));
  }

  private void everythingStands() {
    assertThat(carryOut(BOTH, TEACHER_READY)).isEmpty();
    server.forgetRequests();
  }

  @Test
  void allThatStandsIsAppliedInOrder() {
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing())).isEmpty();
    assertThat(server.writes()).isEqualTo(LASTING);
    assertThat(server.requests())
        .filteredOn(request -> "PATCH".equals(request.method()))
        .hasSize(LASTING.size() - 1)
        .allSatisfy(
            request -> {
              assertThat(request.contentType()).startsWith("application/apply-patch+yaml");
              assertThat(request.query().split("&"))
                  .containsExactlyInAnyOrder("fieldManager=alambic", "force=true");
            });
  }

  @Test
  void theTrainerStartsAfterAllElseStands() {
    assertThat(carryOut(BOTH, TEACHER_READY)).isEmpty();
    assertThat(server.writes()).startsWith(LASTING.toArray(String[]::new)).endsWith("POST " + JOBS);
    assertThat(server.writes()).hasSize(LASTING.size() + 1);
  }

  @Test
  void nothingIsAskedTwice() {
    everythingStands();
    assertThat(carryOut(BOTH, RUNNING)).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void onlyWhatDiffersIsApplied() {
    everythingStands();
    assertThat(carryOut(new Children(2, TrainerAction.Run, true, false), RUNNING)).isEmpty();
    assertThat(server.writes()).containsExactly("POST " + SECRETS, DEPLOYMENT);
    assertThat(server.requests().get(1).body().at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void whatSomebodyDeletedIsMadeAgain() {
    everythingStands();
    List<HasMetadata> shown =
        server.shown().stream().filter(child -> !"ConfigMap".equals(child.getKind())).toList();
    assertThat(carryOut(BOTH, RUNNING, shown)).isEmpty();
    assertThat(server.writes()).containsExactly(LASTING.get(2));
  }

  @Test
  void aClaimThatIsThereIsLeftAlone() {
    everythingStands();
    applier = new ChildApplier(client, Cluster.SETTINGS, () -> TOKEN);
    assertThat(carryOut(BOTH, RUNNING)).isEmpty();
    assertThat(server.writes())
        .hasSize(LASTING.size() - 1)
        .noneMatch(line -> line.contains("persistentvolumeclaims"));
  }

  @Test
  void aTrainerThatIsThereAlreadyIsNoNews() {
    everythingStands();
    assertThat(carryOut(BOTH, TEACHER_READY, withoutTrainer())).isEmpty();
    assertThat(server.requests("POST", JOBS)).hasSize(1);
  }

  @Test
  void aJobOfThatNameThatIsSomebodyElsesIsTold() {
    everythingStands();
    job.getMetadata().setUid("another job of the same name");
    assertThat(carryOut(BOTH, TEACHER_READY, withoutTrainer()).orElseThrow().words())
        .isEqualTo("Refused: Job quickstart-trainer: already exists");
  }

  private List<HasMetadata> withoutTrainer() {
    return server.shown().stream().filter(child -> !"Job".equals(child.getKind())).toList();
  }

  @Test
  void theTokenIsInTheSecretAloneWhichGoesWithItsJob() {
    assertThat(carryOut(BOTH, TEACHER_READY)).isEmpty();
    ApiRequest made = server.requests("POST", SECRETS).get(0);
    assertThat(made.body().at("/stringData/token").asText()).isEqualTo(TOKEN);
    assertThat(made.body().at("/immutable").asBoolean()).isTrue();
    assertThat(made.body().at("/metadata/ownerReferences/0/uid").asText())
        .isEqualTo(job.getMetadata().getUid());
    assertThat(server.requests())
        .filteredOn(request -> !request.path().endsWith("/secrets") && request.body() != null)
        .noneMatch(request -> request.body().toString().contains(TOKEN));
  }

  @Test
  void aSecretThatIsThereAlreadyIsNoNews() {
    server.fail("POST", SECRETS, 409, "already exists");
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing())).isEmpty();
    assertThat(server.writes()).isEqualTo(LASTING);
  }

  @Test
  void withoutItsSecretNoTeacherIsStarted() {
    server.fail("POST", SECRETS, 403, "exceeded quota: none");
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing()).orElseThrow().words())
        .matches("Refused: Secret quickstart-token-[0-9a-f]{11}: exceeded quota: none");
    assertThat(server.writes()).isEqualTo(LASTING.subList(0, LASTING.size() - 1));
  }

  @Test
  void aSecretThatSomebodyDeletedIsMadeForThePodThatMissesItAndOlderTeachersGo() {
    everythingStands();
    String name = TokenSecret.name(job);
    server.objects().delete(ApiPath.of(SECRETS + "/" + name));
    List<HasMetadata> shown = new ArrayList<>(server.shown());
    shown.add(podThatWaits("secret \"" + name + "\" not found"));
    assertThat(carryOut(BOTH, RUNNING, shown)).isEmpty();
    assertThat(server.writes()).containsExactly("POST " + SECRETS, DEPLOYMENT);
    ApiRequest replacing = server.requests("PATCH", "").get(0);
    assertThat(replacing.contentType()).startsWith("application/merge-patch+json");
    assertThat(replacing.body().toString())
        .isEqualTo(
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{"
                + "\"alambic.dev/token-made\":"
                + server.objects().get(ApiPath.of(SECRETS + "/" + name)).at("/metadata/uid")
                + "}}}}}");
  }

  @Test
  void aPodThatWaitsForAnotherSecretIsNotHelped() {
    everythingStands();
    List<HasMetadata> shown = new ArrayList<>(server.shown());
    shown.add(podThatWaits("secret \"vllm\" not found"));
    assertThat(carryOut(BOTH, RUNNING, shown)).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  private static Pod podThatEnded(int exitCode) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("quickstart-trainer-0-x")
        .withNamespace("research")
        .withUid("pod-uid")
        .addToLabels(Labels.COMPONENT, Role.Trainer.component())
        .endMetadata()
        .withNewStatus()
        .withPhase("Running")
        .addNewContainerStatus()
        .withName("istio-proxy")
        .endContainerStatus()
        .addNewContainerStatus()
        .withName("trainer")
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private List<HasMetadata> and(Pod pod) {
    List<HasMetadata> shown = new ArrayList<>(server.shown());
    shown.add(pod);
    return shown;
  }

  @Test
  void whatATrainerEndedWithIsWrittenDownAndWhatGoesOnBesideItGoes() {
    everythingStands();
    String uid = server.objects().get(ApiPath.of(TRAINER)).at("/metadata/uid").asText();
    assertThat(carryOut(BOTH, RUNNING, and(podThatEnded(0)))).isEmpty();
    assertThat(server.writes())
        .as("written down before anything goes")
        .containsExactly(
            "PATCH " + TRAINER,
            "DELETE /api/v1" + N + "pods/quickstart-trainer-0-x",
            "PATCH " + TRAINER);
    List<ApiRequest> patches = server.requests("PATCH", TRAINER);
    assertThat(patches)
        .allSatisfy(
            patch -> {
              assertThat(patch.contentType()).startsWith("application/merge-patch+json");
              assertThat(patch.body().at("/metadata/uid").asText()).isEqualTo(uid);
            });
    assertThat(patches.get(0).body().at("/metadata/annotations").toString())
        .isEqualTo("{\"alambic.dev/ended\":\"0\"}");
    assertThat(patches.get(0).body().has("spec")).isFalse();
    assertThat(patches.get(1).body().at("/spec").toString()).isEqualTo("{\"suspend\":true}");
  }

  @Test
  void whatCouldNotBeWrittenDownIsNotLost() {
    everythingStands();
    server.fail("PATCH", TRAINER, 409, "another of that name");
    assertThat(carryOut(BOTH, RUNNING, and(podThatEnded(0)))).isEmpty();
    assertThat(server.writes()).containsExactly("PATCH " + TRAINER);
  }

  @Test
  void aTrainerThatIsToStartAgainGivesUpExactlyThePodThatWasSeen() {
    everythingStands();
    server.fail("DELETE", "/pods/quickstart-trainer-0-x", 409, "another of that name");
    assertThat(carryOut(BOTH, RUNNING, and(podThatEnded(74)))).isEmpty();
    assertThat(server.writes())
        .containsExactly("DELETE /api/v1" + N + "pods/quickstart-trainer-0-x");
    ApiRequest deletion = server.requests("DELETE", "").get(0);
    assertThat(deletion.body().at("/preconditions/uid").asText()).isEqualTo("pod-uid");
    assertThat(deletion.body().at("/gracePeriodSeconds").asInt()).isEqualTo(30);
  }

  private static Pod podThatWaits(String message) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("quickstart-trainer-0")
        .addToLabels(Labels.COMPONENT, Role.Trainer.component())
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withName("trainer")
        .withNewState()
        .withNewWaiting(message, "CreateContainerConfigError")
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  @Test
  void aQuotaIsAProblemThatNamesTheChild() {
    server.fail("PATCH", "services/quickstart-teacher", 403, "exceeded quota: none");
    Problem problem = carryOut(BOTH, TEACHER_READY).orElseThrow();
    assertThat(problem.words())
        .isEqualTo("Refused: Service quickstart-teacher: exceeded quota: none");
    assertThat(server.writes()).isEqualTo(LASTING.subList(0, 5));
  }

  @Test
  void aQuotaOnTheTrainerIsAProblemToo() {
    server.fail("POST", JOBS, 403, "exceeded quota: none");
    assertThat(carryOut(BOTH, TEACHER_READY).map(Problem::words))
        .contains("Refused: Job quickstart-trainer: exceeded quota: none");
  }

  @Test
  void whatWasRefusedIsAskedForAgain() {
    server.fail("PATCH", RUN_SPEC, 403, "exceeded quota");
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing())).isPresent();
    server.forgetRequests();
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing())).isEmpty();
    assertThat(server.writes()).isEqualTo(LASTING.subList(2, LASTING.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503, ApiFailure.RESET})
  void whatPassesIsThrownAndAppliedByTheNextCall(int code) {
    server.fail("PATCH", RUN_SPEC, code, "not now");
    assertThatThrownBy(() -> carryOut(TEACHER_ALONE, ObservedState.nothing()))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(server.writes()).isEqualTo(LASTING.subList(0, 3));
    server.forgetRequests();
    assertThat(carryOut(TEACHER_ALONE, ObservedState.nothing())).isEmpty();
    assertThat(server.writes()).isEqualTo(LASTING.subList(2, LASTING.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, ApiFailure.RESET})
  void aTrainerThatCouldNotBeMadeIsMadeByTheNextCall(int code) {
    server.fail("POST", JOBS, code, "not now");
    assertThatThrownBy(() -> carryOut(BOTH, TEACHER_READY))
        .isInstanceOf(KubernetesClientException.class);
    server.forgetRequests();
    assertThat(carryOut(BOTH, TEACHER_READY)).isEmpty();
    assertThat(server.writes()).containsExactly("POST " + JOBS);
  }

  @Test
  void aTrainerWhosePodsAreRefusedMakesRoomWhenTheJobAsksForOthers() {
    everythingStands();
    Work refused =
        new Work(
            WorkState.Pending,
            Problem.of("FailedCreate", "runAsUser: must be in the range"),
            null,
            null,
            0,
            null,
            null,
            null);
    ObservedState waits = new ObservedState(TEACHER_READY.teacher(), refused, null, null);
    assertThat(carryOut(BOTH, waits)).isEmpty();
    assertThat(server.writes()).as("nothing was mended").isEmpty();

    PodSecurity given = new PodSecurity(false, true);
    Settings mended =
        new Settings(Cluster.SETTINGS.images(), Cluster.SETTINGS.reachability(), given);
    applier = new ChildApplier(client, mended, () -> TOKEN);
    assertThat(carryOut(BOTH, RUNNING)).isEmpty();
    assertThat(server.requests("DELETE", "")).as("one that runs is left alone").isEmpty();
    assertThat(carryOut(BOTH, waits)).isEmpty();
    assertThat(server.requests("DELETE", TRAINER)).hasSize(1);
  }

  @Test
  void exactlyTheTrainerThatWasSeenIsStopped() {
    everythingStands();
    String uid = server.objects().get(ApiPath.of(TRAINER)).at("/metadata/uid").asText();
    assertThat(carryOut(HELD, RUNNING)).isEmpty();
    ApiRequest deletion = server.requests("DELETE", TRAINER).get(0);
    assertThat(deletion.body().at("/preconditions/uid").asText()).isEqualTo(uid);
    assertThat(deletion.body().at("/propagationPolicy").asText()).isEqualTo("Foreground");
  }

  @Test
  void theTrainerStopsBeforeItsTeacher() {
    everythingStands();
    assertThat(carryOut(HELD, RUNNING)).isEmpty();
    assertThat(server.writes()).containsExactly("DELETE " + TRAINER, DEPLOYMENT);
    assertThat(server.requests("PATCH", "").get(0).body().at("/spec/replicas").asInt(-1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409})
  void aTrainerThatIsGoneOrAnotherIsNoNews(int code) {
    everythingStands();
    server.fail("DELETE", TRAINER, code, "not that one");
    assertThat(carryOut(HELD, RUNNING)).isEmpty();
    assertThat(server.writes()).containsExactly("DELETE " + TRAINER, DEPLOYMENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500, ApiFailure.RESET})
  void aTrainerThatCannotBeStoppedKeepsItsTeacher(int code) {
    everythingStands();
    server.fail("DELETE", TRAINER, code, "not now");
    assertThatThrownBy(() -> carryOut(HELD, RUNNING)).isInstanceOf(KubernetesClientException.class);
    assertThat(server.writes()).containsExactly("DELETE " + TRAINER);
  }

  @Test
  void aTrainerThatIsGoingIsNotStoppedAgain() {
    HasMetadata going = Rendering.trainer(job, plan, Cluster.SETTINGS);
    going.getMetadata().setDeletionTimestamp("2026-11-24T12:00:00Z");
    assertThat(carryOut(HELD, RUNNING, List.of(going))).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aRestartMakesNoNewTrainerBesideTheOld() {
    everythingStands();
    assertThat(carryOut(new Children(1, TrainerAction.Restart, true, false), RUNNING)).isEmpty();
    assertThat(server.writes()).containsExactly("DELETE " + TRAINER);
  }

  @Test
  void aHeldJobMakesNothing() {
    assertThat(carryOut(HELD, ObservedState.nothing())).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aJobWithoutAPlanOnlyStops() {
    everythingStands();
    assertThat(applier.carryOut(job, null, HELD, RUNNING, Cluster.cache(job, server.shown())))
        .isEmpty();
    assertThat(server.writes()).containsExactly("DELETE " + TRAINER, DEPLOYMENT);
    ApiRequest scaling = server.requests("PATCH", "").get(0);
    assertThat(scaling.contentType()).startsWith("application/merge-patch+json");
    assertThat(scaling.body().at("/spec/replicas").asInt(-1)).isZero();
    server.forgetRequests();
    assertThat(applier.carryOut(job, null, HELD, RUNNING, Cluster.cache(job, List.of()))).isEmpty();
    assertThat(server.requests()).isEmpty();
  }
}
