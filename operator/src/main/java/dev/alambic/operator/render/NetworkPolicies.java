package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Gpus;
import dev.alambic.operator.plan.Trainers;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may call in: a job's teacher answers that job's trainers alone, and they meet each other and
 * only there; health, metrics and progress are for the operator and for monitoring. Calls out are
 * not restricted.
 */
final class NetworkPolicies {
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private final DistillationJob job;
  private final Reachability reachability;

  NetworkPolicies(DistillationJob job, Reachability reachability) {
    this.job = job;
    this.reachability = reachability;
  }

  NetworkPolicy teacher() {
    return policy(Child.names(job).teacher(), Role.Teacher)
        .editSpec()
        .addToIngress(
            fromTrainers(TeacherChildren.port(job)),
            fromObservers(TeacherChildren.observedPort(job)))
        .endSpec()
        .build();
  }

  NetworkPolicy trainer() {
    List<NetworkPolicyIngressRule> rules = new ArrayList<>();
    rules.add(fromObservers(HttpPort.NUMBER));
    if (Trainers.of(job.getSpec()).pods() > 1) {
      rules.add(amongTrainers());
    }
    return policy(Child.names(job).trainer(), Role.Trainer)
        .editSpec()
        .withIngress(rules)
        .endSpec()
        .build();
  }

  NetworkPolicy fill() {
    return policy(Child.names(job).fill(), Role.Fill)
        .editSpec()
        .addToIngress(fromObservers(HttpPort.NUMBER))
        .endSpec()
        .build();
  }

  private NetworkPolicyBuilder policy(String name, Role role) {
    return new NetworkPolicyBuilder()
        .withMetadata(Child.metadata(job, name, role))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(Child.names(job), role))
        .endPodSelector()
        .withPolicyTypes("Ingress")
        .endSpec();
  }

  /** One process to a pod meets at one port; on GPUs NCCL listens at any that is free. */
  private NetworkPolicyIngressRule amongTrainers() {
    return Gpus.of(job.getSpec()).trainer() == 0
        ? fromTrainers(TrainerChildren.PEER_PORT)
        : fromTrainers().addNewPort().withProtocol("TCP").endPort().build();
  }

  private NetworkPolicyIngressRule fromTrainers(int port) {
    return fromTrainers().addNewPort().withPort(new IntOrString(port)).endPort().build();
  }

  /** Of the job alone, in its namespace. */
  private NetworkPolicyIngressRuleBuilder fromTrainers() {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(Child.names(job), Role.Trainer))
        .endPodSelector()
        .endFrom();
  }

  private NetworkPolicyIngressRule fromObservers(int port) {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNewNamespaceSelector()
        .addNewMatchExpression()
        .withKey(NAMESPACE_NAME)
        .withOperator("In")
        .withValues(reachability.namespaces())
        .endMatchExpression()
        .endNamespaceSelector()
        .endFrom()
        .addNewPort()
        .withPort(new IntOrString(port))
        .endPort()
        .build();
  }
}
