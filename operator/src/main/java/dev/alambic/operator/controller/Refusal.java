package dev.alambic.operator.controller;

import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/**
 * A child that the API server will not have: a quota, an admission policy, a value in the spec's
 * pod that only it can judge. It is said in the status like any other cause of a wait.
 */
final class Refusal {
  private static final int TOO_MANY_REQUESTS = 429;

  /** These pass by themselves: the reconciler is called again. */
  private static final Set<Integer> PASSING =
      Set.of(
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          HttpURLConnection.HTTP_CONFLICT,
          HttpURLConnection.HTTP_UNAUTHORIZED,
          TOO_MANY_REQUESTS);

  private Refusal() {}

  /** Whether asking again does not help until something changes. */
  static boolean is(KubernetesClientException failure) {
    int code = failure.getCode();
    return code >= 400 && code < 500 && !PASSING.contains(code);
  }

  static Problem of(HasMetadata child, KubernetesClientException failure) {
    String said =
        failure.getStatus() == null || failure.getStatus().getMessage() == null
            ? failure.getMessage()
            : failure.getStatus().getMessage();
    return Problem.of(
        "Refused", "%s %s: %s".formatted(child.getKind(), child.getMetadata().getName(), said));
  }

  /** The problem, if this is a refusal; else the failure itself. */
  static Optional<Problem> orThrow(HasMetadata child, KubernetesClientException failure) {
    if (is(failure)) {
      return Optional.of(of(child, failure));
    }
    throw failure;
  }
}
