package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  private static final HasMetadata CHILD =
      new ServiceBuilder().withNewMetadata().withName("j-teacher").endMetadata().build();

  private static KubernetesClientException answer(int code) {
    return new KubernetesClientException("PATCH: " + code, code, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 413, 422})
  void whatOnlyAPersonCanMendIsARefusal(int code) {
    assertThat(Refusal.is(answer(code))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 401, 408, 409, 429, 500, 503, 504})
  void whatPassesByItselfIsNone(int code) {
    assertThat(Refusal.is(answer(code))).isFalse();
  }

  @Test
  void saysWhichChildAndTheServersWords() {
    KubernetesClientException failure =
        new KubernetesClientException(
            "Failure executing: PATCH at: https://10.0.0.1/...",
            403,
            new StatusBuilder().withMessage("exceeded quota: none").build());
    assertThat(Refusal.of(CHILD, failure).words())
        .isEqualTo("Refused: Service j-teacher: exceeded quota: none");
    assertThat(Refusal.of(CHILD, failure).fatal()).isFalse();
  }

  @Test
  void withoutTheServersWordsTheClientsAreSaid() {
    assertThat(Refusal.of(CHILD, answer(403)).words())
        .isEqualTo("Refused: Service j-teacher: PATCH: 403");
  }
}
