package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkPoliciesTest {
  private static final Map<String, String> TRAINERS =
      Map.of("alambic.dev/job", "quickstart", "app.kubernetes.io/component", "trainer");
  private static final Map<String, String> TEACHERS =
      Map.of("alambic.dev/job", "quickstart", "app.kubernetes.io/component", "teacher");

  private final NetworkPolicy teacher =
      Rendered.of().child(NetworkPolicy.class, "quickstart-teacher");
  private final NetworkPolicy trainer =
      Rendered.of().child(NetworkPolicy.class, "quickstart-trainer");

  @Test
  void holdForThePodsOfTheirRole() {
    assertThat(teacher.getSpec().getPodSelector().getMatchLabels()).isEqualTo(TEACHERS);
    assertThat(trainer.getSpec().getPodSelector().getMatchLabels()).isEqualTo(TRAINERS);
  }

  @Test
  void saysNothingOfCallsOut() {
    assertThat(List.of(teacher, trainer))
        .allSatisfy(
            policy -> {
              assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
              assertThat(policy.getSpec().getEgress()).isEmpty();
            });
  }

  @Test
  void theTeacherAnswersItsTrainersAlone() {
    NetworkPolicyIngressRule grpc = rule(teacher, 9090);
    NetworkPolicyPeer peer = onlyPeer(grpc);
    assertThat(peer.getPodSelector().getMatchLabels()).isEqualTo(TRAINERS);
    assertThat(peer.getNamespaceSelector()).as("the job's own namespace").isNull();
    assertThat(teacher.getSpec().getIngress()).hasSize(2);
  }

  @Test
  void trainersMeetWhereNobodyElseMay() {
    NetworkPolicy several =
        Rendered.of("trainer: {replicas: 4}").child(NetworkPolicy.class, "quickstart-trainer");

    NetworkPolicyPeer peer = onlyPeer(rule(several, 9091));
    assertThat(peer.getPodSelector().getMatchLabels()).isEqualTo(TRAINERS);
    assertThat(peer.getNamespaceSelector()).as("the job's own namespace").isNull();
    assertThat(several.getSpec().getIngress()).hasSize(2);
    assertThat(onlyPeer(rule(several, 8080)).getPodSelector()).isNull();
  }

  private static List<NetworkPolicyIngressRule> rules(int replicas, int gpus) {
    return Rendered.of(
            "training: {sequenceLength: 64, batchTokens: 4096}",
            "trainer: {replicas: %d, pod: {resources: {limits: {nvidia.com/gpu: %d}}}}"
                .formatted(replicas, gpus))
        .child(NetworkPolicy.class, "quickstart-trainer")
        .getSpec()
        .getIngress();
  }

  /** NCCL listens at any port. */
  @Test
  void podsWithGpusMeetAtAnyTcpPort() {
    for (int gpus : new int[] {1, 4}) {
      NetworkPolicyIngressRule among = rules(2, gpus).get(1);

      assertThat(onlyPeer(among).getPodSelector().getMatchLabels()).isEqualTo(TRAINERS);
      assertThat(onlyPeer(among).getNamespaceSelector()).as("the job's own namespace").isNull();
      assertThat(among.getPorts())
          .singleElement()
          .satisfies(
              port -> {
                assertThat(port.getProtocol()).isEqualTo("TCP");
                assertThat(port.getPort()).isNull();
              });
    }
  }

  /** No policy keeps a pod from itself. */
  @Test
  void theProcessesOfOnePodNeedNoRule() {
    assertThat(rules(1, 4)).hasSize(1);
  }

  @Test
  void theStatusPortsAreForOperatorAndMonitoring() {
    for (NetworkPolicy policy : List.of(teacher, trainer)) {
      NetworkPolicyPeer peer = onlyPeer(rule(policy, 8080));
      assertThat(peer.getPodSelector()).isNull();
      assertThat(peer.getNamespaceSelector().getMatchExpressions())
          .singleElement()
          .satisfies(
              expression -> {
                assertThat(expression.getKey()).isEqualTo("kubernetes.io/metadata.name");
                assertThat(expression.getOperator()).isEqualTo("In");
                assertThat(expression.getValues()).containsExactly("alambic-system", "monitoring");
              });
    }
    assertThat(trainer.getSpec().getIngress()).hasSize(1);
  }

  @Test
  void namespacesAreSortedAndNamedOnce() {
    assertThat(new Reachability("m", List.of("z", "m", "a")).namespaces())
        .containsExactly("a", "m", "z");
  }

  private static NetworkPolicyIngressRule rule(NetworkPolicy policy, int port) {
    List<NetworkPolicyIngressRule> rules =
        policy.getSpec().getIngress().stream()
            .filter(
                rule ->
                    rule.getPorts().size() == 1
                        && rule.getPorts().get(0).getPort().getIntVal() == port)
            .toList();
    assertThat(rules).hasSize(1);
    return rules.get(0);
  }

  private static NetworkPolicyPeer onlyPeer(NetworkPolicyIngressRule rule) {
    assertThat(rule.getFrom()).hasSize(1);
    return rule.getFrom().get(0);
  }
}
