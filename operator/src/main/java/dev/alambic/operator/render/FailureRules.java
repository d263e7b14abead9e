package dev.alambic.operator.render;

import dev.alambic.failure.ExitCode;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the failure of a Job's pod means, first match first: a pod that its node lost, or that was
 * stopped on request, does not count; an exit code that no further attempt can mend ends the Job;
 * anything else counts against the backoff limit.
 */
final class FailureRules {
  private FailureRules() {}

  static PodFailurePolicy of(Role role) {
    return new PodFailurePolicyBuilder()
        .addNewRule()
        .withAction("Ignore")
        .addNewOnPodCondition("True", "DisruptionTarget")
        .endRule()
        .addNewRule()
        .withAction("Ignore")
        .withNewOnExitCodes()
        .withContainerName(role.component())
        .withOperator("In")
        .withValues(ExitCode.TRY_AGAIN.code())
        .endOnExitCodes()
        .endRule()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(role.component())
        .withOperator("In")
        .withValues(fatalCodes())
        .endOnExitCodes()
        .endRule()
        .build();
  }

  private static List<Integer> fatalCodes() {
    return Stream.of(ExitCode.values())
        .filter(exit -> exit != ExitCode.COMPLETE && !exit.retriable())
        .map(ExitCode::code)
        .sorted()
        .toList();
  }
}
