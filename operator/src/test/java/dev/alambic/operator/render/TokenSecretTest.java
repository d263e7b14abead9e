package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenSecretTest {
  private static final String OFFLINE =
      "signal: {mode: Offline, cache: {volume: {claimName: shared}}}";
  private static final String VLLM =
      "{teacher: {runtime: OpenAI, pod: {image: 'vllm:1'}}, signal: {encoding: TopK}}";
  private static final String THERE =
      "{teacher: {runtime: OpenAI, endpoint: 'https://vllm.models/v1'}, signal: {encoding: TopK}}";

  private static Optional<EnvVar> variable(Rendered job, Role role, String name) {
    return job.container(role).getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .findFirst();
  }

  private static void assertHolds(Rendered job, Role role, String name) {
    EnvVar variable = variable(job, role, name).orElseThrow();
    assertThat(variable.getValue()).isNull();
    assertThat(variable.getValueFrom().getSecretKeyRef().getName())
        .isEqualTo(TokenSecret.name(job.job()));
    assertThat(variable.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("token");
  }

  @Test
  void teacherAndTrainerHaveItFromTheSameSecret() {
    Rendered job = Rendered.of();
    assertHolds(job, Role.Teacher, "ALAMBIC_TEACHER_TOKEN");
    assertHolds(job, Role.Trainer, "ALAMBIC_TEACHER_TOKEN");
  }

  @Test
  void itGoesWithItsJobAndNobodyChangesIt() {
    Secret secret = TokenSecret.of(Rendered.of().job(), "dG9rZW4");
    assertThat(secret.getStringData()).isEqualTo(Map.of("token", "dG9rZW4"));
    assertThat(secret.getImmutable()).isTrue();
    assertThat(secret.getMetadata().getNamespace()).isEqualTo("research");
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .matches(owner -> owner.getUid().equals(Rendered.of().job().getMetadata().getUid()));
  }

  @Test
  void aJobMadeAgainHasAnother() {
    Rendered before = Rendered.of();
    Rendered after = Rendered.of();
    after.job().getMetadata().setUid("99999999-2222-3333-4444-555555555555");
    assertThat(TokenSecret.name(after.job()))
        .isNotEqualTo(TokenSecret.name(before.job()))
        .matches("quickstart-token-[0-9a-f]{11}");
  }

  @Test
  void vllmsKeyIsTheTokenUnlessTheUserGivesOne() {
    Rendered ours = Rendered.of(VLLM);
    assertHolds(ours, Role.Teacher, "VLLM_API_KEY");
    assertHolds(ours, Role.Trainer, "ALAMBIC_TEACHER_API_KEY");
    assertThat(TokenSecret.isFor(ours.job())).isTrue();
    Rendered theirs = Rendered.of(VLLM, "teacher: {apiKey: {name: mine, key: key}}");
    assertThat(TokenSecret.isFor(theirs.job())).isFalse();
    assertThat(
            variable(theirs, Role.Trainer, "ALAMBIC_TEACHER_API_KEY")
                .orElseThrow()
                .getValueFrom()
                .getSecretKeyRef()
                .getName())
        .isEqualTo("mine");
  }

  @Test
  void whereNoPodOfTheJobAnswersThereIsNone() {
    for (String fields : List.of(OFFLINE, THERE)) {
      Rendered job = Rendered.of(fields);
      assertThat(TokenSecret.isFor(job.job())).isFalse();
      assertThat(Serialization.asJson(job.trainer())).doesNotContain("secretKeyRef");
    }
    assertThat(Serialization.asJson(Rendered.of(OFFLINE).pod(Role.Fill)))
        .doesNotContain("secretKeyRef");
  }

  @Test
  void theUsersOwnVariableWins() {
    Rendered job =
        Rendered.of("teacher: {pod: {env: [{name: ALAMBIC_TEACHER_TOKEN, value: mine}]}}");
    assertThat(variable(job, Role.Teacher, "ALAMBIC_TEACHER_TOKEN").orElseThrow().getValue())
        .isEqualTo("mine");
  }
}
