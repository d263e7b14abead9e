package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.SecretKey;
import dev.alambic.operator.plan.ReservedNames;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * A teacher that vLLM serves: one port for questions, health and metrics
 * (docs.vllm.ai/en/latest/cli/serve).
 */
final class VllmServer {
  /** HTTP. */
  static final int PORT = ReservedNames.VLLM_PORT;

  private static final String PORT_NAME = "http";
  private static final int PROBE_SECONDS = 5;

  /** vLLM reads its own key from here, so that it stands in no argument. */
  private static final String KEY = "VLLM_API_KEY";

  private VllmServer() {}

  /**
   * The container, without what all have.
   *
   * @param loadingSeconds that the model may take to load
   */
  static Container container(
      DistillationJob job, RunPlan plan, PodTemplate template, long memory, int loadingSeconds) {
    return new ContainerBuilder()
        .withCommand("vllm", "serve")
        .withArgs(arguments(job, plan))
        .withEnv(environment(job))
        .addToPorts(new ContainerPortBuilder().withName(PORT_NAME).withContainerPort(PORT).build())
        .withResources(PodRequests.of(template.asked(), memory, TeacherChildren.LOADED))
        .withStartupProbe(health().withFailureThreshold(loadingSeconds / PROBE_SECONDS).build())
        .withReadinessProbe(health().withFailureThreshold(2).build())
        .withLivenessProbe(health().withPeriodSeconds(20).withFailureThreshold(6).build())
        .build();
  }

  /** A prompt is a sequence and the token after it; one more is always generated. */
  private static List<String> arguments(DistillationJob job, RunPlan plan) {
    return List.of(
        Storage.placement(job).models().teacher(),
        "--host",
        "0.0.0.0",
        "--port",
        Integer.toString(PORT),
        "--served-model-name",
        plan.unplaced().teacher().servedModel(),
        "--max-model-len",
        Integer.toString(plan.training().sequenceLength() + 2),
        "--max-logprobs",
        Integer.toString(plan.unplaced().signal().size()));
  }

  private static List<EnvVar> environment(DistillationJob job) {
    List<EnvVar> variables = new ArrayList<>();
    variables.add(variable("HF_HUB_OFFLINE", "1"));
    variables.add(variable("VLLM_NO_USAGE_STATS", "1"));
    // The user has no entry in the image's passwd, and Python's getpass wants a name.
    variables.add(variable("USER", "alambic"));
    variables.addAll(key(job, KEY));
    return variables;
  }

  /** Variables of a trainer whose teacher is such a server. */
  static List<EnvVar> ofTrainer(DistillationJob job) {
    return key(job, RunSpec.TEACHER_API_KEY_VARIABLE);
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  /** The user's key, else the job's own where its pods serve. */
  private static List<EnvVar> key(DistillationJob job, String variable) {
    SecretKey key = job.getSpec().teacher().apiKey();
    return key == null
        ? TokenSecret.variable(job, variable)
        : List.of(TokenSecret.secret(variable, key.name(), key.key()));
  }

  private static ProbeBuilder health() {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/health")
        .withPort(new IntOrString(PORT_NAME))
        .endHttpGet()
        .withPeriodSeconds(PROBE_SECONDS)
        .withTimeoutSeconds(5);
  }

  /** One address; connections are spread over the replicas that are ready. */
  static Service service(DistillationJob job) {
    String name = Child.names(job).teacher();
    return new ServiceBuilder()
        .withMetadata(Child.metadata(job, name, Role.Teacher))
        .withNewSpec()
        .withSelector(Labels.selector(Child.names(job), Role.Teacher))
        .addNewPort()
        .withName(PORT_NAME)
        .withPort(PORT)
        .endPort()
        .endSpec()
        .build();
  }
}
