package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.RunJson;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenAiTeacherChildrenTest {
  private static final String ENDPOINT =
      "{teacher: {runtime: OpenAI, endpoint: 'https://vllm.models:8000/v1',"
          + " apiKey: {name: vllm, key: token}}, signal: {encoding: TopK}}";
  private static final String IMAGE =
      "{teacher: {runtime: OpenAI, pod: {image: 'vllm:1', args: [--dtype, half]},"
          + " apiKey: {name: vllm, key: token}}, signal: {encoding: TopK, size: 32}}";

  @Test
  void aServerThatIsThereHasNoChildren() {
    Rendered job = Rendered.of(ENDPOINT);
    assertThat(job.standing())
        .extracting(child -> child.getKind() + " " + child.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "NetworkPolicy quickstart-trainer",
            "ConfigMap quickstart-run",
            "PersistentVolumeClaim quickstart-checkpoints",
            "Service quickstart-trainer");
    assertThat(runSpec(job)).contains("https://vllm.models:8000/v1");
  }

  @Test
  void theTrainerMayReachAnyServer() {
    NetworkPolicy policy = Rendered.of(ENDPOINT).child(NetworkPolicy.class, "quickstart-trainer");
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
  }

  @Test
  void theKeyStandsInTheSecretAlone() {
    for (String fields : new String[] {ENDPOINT, IMAGE}) {
      Rendered job = Rendered.of(fields);
      EnvVar key = variables(job.container(Role.Trainer)).get("ALAMBIC_TEACHER_API_KEY");
      assertThat(key.getValue()).isNull();
      assertThat(key.getValueFrom().getSecretKeyRef().getName()).isEqualTo("vllm");
      assertThat(key.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("token");
      assertThat(runSpec(job)).doesNotContain("token\"", "apiKey");
    }
  }

  @Test
  void noKeyNoVariable() {
    assertThat(variables(Rendered.of().container(Role.Trainer)))
        .doesNotContainKey("ALAMBIC_TEACHER_API_KEY");
  }

  @Test
  void vllmServesTheModelThatIsMounted() {
    Rendered job = Rendered.of(IMAGE, "training: {sequenceLength: 64}");
    Container container = job.container(Role.Teacher);

    assertThat(container.getImage()).isEqualTo("vllm:1");
    assertThat(container.getCommand()).containsExactly("vllm", "serve");
    assertThat(container.getArgs())
        .containsExactly(
            "/alambic/teacher/gemma",
            "--host",
            "0.0.0.0",
            "--port",
            "8000",
            "--served-model-name",
            "pvc://models/gemma",
            "--max-model-len",
            "66",
            "--max-logprobs",
            "32",
            "--dtype",
            "half");
    assertThat(variables(container).get("VLLM_API_KEY").getValueFrom().getSecretKeyRef().getName())
        .isEqualTo("vllm");
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health");
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void theTrainerAsksTheService() {
    Rendered job = Rendered.of(IMAGE);
    assertThat(runSpec(job))
        .contains("http://quickstart-teacher.research.svc:8000/v1", "pvc://models/gemma");
    Service service = job.child(Service.class, "quickstart-teacher");
    assertThat(service.getSpec().getClusterIP()).isNull();
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .matches(port -> port.getPort() == 8000);
  }

  @Test
  void onlyTheTrainerAndObserversReachIt() {
    NetworkPolicy policy = Rendered.of(IMAGE).child(NetworkPolicy.class, "quickstart-teacher");
    assertThat(policy.getSpec().getIngress()).hasSize(2);
    assertThat(policy.getSpec().getIngress())
        .allSatisfy(
            rule -> assertThat(rule.getPorts().get(0).getPort()).isEqualTo(new IntOrString(8000)));
  }

  @Test
  void anotherCommandHasItsOwnArguments() {
    Container container =
        Rendered.of(
                "{teacher: {runtime: OpenAI, pod: {image: sglang, command: [python3, -m,"
                    + " sglang.launch_server], args: [--port, '8000']}}, signal: {encoding: TopK}}")
            .container(Role.Teacher);
    assertThat(container.getCommand()).containsExactly("python3", "-m", "sglang.launch_server");
    assertThat(container.getArgs()).containsExactly("--port", "8000");
  }

  private static String runSpec(Rendered job) {
    String json = job.child(ConfigMap.class, "quickstart-run").getData().get("run.json");
    assertThat(RunJson.read(json, dev.alambic.run.RunSpec.class).teacher()).isNotNull();
    return json;
  }

  private static Map<String, EnvVar> variables(Container container) {
    Map<String, EnvVar> byName = new TreeMap<>();
    container.getEnv().forEach(variable -> byName.put(variable.getName(), variable));
    return byName;
  }
}
