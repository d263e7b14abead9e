package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.lifecycle.Observed;
import dev.alambic.operator.lifecycle.Observed.Teacher;
import dev.alambic.operator.lifecycle.Observed.Trainer;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  private static final Problem QUOTA = Problem.of("Refused", "exceeded quota");
  private static final HasMetadata CHILD =
      new ServiceBuilder().withNewMetadata().withName("j-teacher").endMetadata().build();
  private static final Trainer RUNNING =
      new Trainer(
          TrainerState.Running, null, null, null, 0, null, new Observed.Order(1000L, false), null);

  private static KubernetesClientException answer(int code) {
    return new KubernetesClientException("PATCH: " + code, code, null);
  }

  private static Observed observed(Teacher teacher, Trainer trainer) {
    return new Observed(teacher, trainer, null, null);
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

  @Test
  void isWhyTheTeacherDoesNotAnswer() {
    Observed seen = observed(new Teacher(1, 0, null, null), Trainer.absent());
    Observed said = Refusal.in(seen, QUOTA);
    assertThat(said.teacher()).isEqualTo(new Teacher(1, 0, QUOTA, null));
    assertThat(said.trainer()).isEqualTo(Trainer.absent());
    // In mode Offline the teachers are those that fill the signal cache.
    assertThat(said.fill().work().problem()).isEqualTo(QUOTA);
  }

  @Test
  void isWhyTheTrainerOfAReadyTeacherDoesNotStart() {
    Teacher ready = new Teacher(1, 1, null, "dns:///t:9090");
    Observed said = Refusal.in(observed(ready, Trainer.absent()), QUOTA);
    assertThat(said.teacher()).isEqualTo(ready);
    assertThat(said.trainer().state()).isEqualTo(TrainerState.Pending);
    assertThat(said.trainer().problem()).isEqualTo(QUOTA);
  }

  @Test
  void doesNotTouchWhatRuns() {
    Observed running = observed(new Teacher(1, 1, null, "dns:///t:9090"), RUNNING);
    assertThat(Refusal.in(running, QUOTA)).isEqualTo(running);
  }

  @Test
  void doesNotHideWhyTheTeacherCanNeverWork() {
    Problem fatal = Problem.fatal("CrashLoopBackOff", "no config.json");
    Observed seen = observed(new Teacher(1, 0, fatal, null), Trainer.absent());
    assertThat(Refusal.in(seen, QUOTA)).isEqualTo(seen);
  }
}
