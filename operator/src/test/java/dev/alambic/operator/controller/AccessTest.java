package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code access.yaml} grants is enough for every story, and each verb is needed for one. */
@Timeout(60)
class AccessTest {
  private static final AccessRules GRANTED = AccessRules.ofOperator();

  /** What the operator asked for in each story, with all that is granted. */
  private static final Map<ClusterStory, Set<Access>> ASKED = new EnumMap<>(ClusterStory.class);

  @BeforeAll
  static void everyStoryComesToItsEnd() {
    for (ClusterStory story : ClusterStory.values()) {
      try (Stage stage = story.stage(GRANTED)) {
        story.tell(stage);
        assertThat(stage.server().refused()).as(story.name()).isEmpty();
        assertTokenIsInItsSecretAlone(stage);
        ASKED.put(story, new TreeSet<>(stage.server().asked()));
      }
    }
  }

  /** Neither status nor event, no template, no run specification and no metric tells it. */
  private static void assertTokenIsInItsSecretAlone(Stage stage) {
    List<String> tokens =
        stage.server().requests("POST", "/secrets").stream()
            .map(made -> made.body().at("/stringData/token").asText())
            .toList();
    assertThat(tokens).allSatisfy(token -> assertThat(token).hasSize(43));
    assertThat(stage.server().requests())
        .filteredOn(request -> request.body() != null && !request.path().endsWith("/secrets"))
        .noneMatch(request -> tokens.stream().anyMatch(request.body().toString()::contains));
    assertThat(tokens).noneMatch(stage.metrics()::contains);
  }

  static Stream<Access> everyVerb() {
    return GRANTED.granted().stream();
  }

  @ParameterizedTest
  @MethodSource("everyVerb")
  void withoutItAStoryIsCutShort(Access verb) {
    ClusterStory story = storyWith(verb);
    try (Stage stage = story.stage(GRANTED.without(verb))) {
      assertThatThrownBy(() -> story.tell(stage)).isInstanceOf(Stage.CutShort.class);
      assertThat(stage.server().refused()).isSubsetOf(verb);
    }
  }

  /**
   * Leases are never updated, but JOSDK asks what it may do with them, and does not lead without
   * that.
   */
  private static ClusterStory storyWith(Access verb) {
    return ASKED.entrySet().stream()
        .filter(asked -> asked.getValue().contains(verb))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(ClusterStory.Leading);
  }

  @Test
  void nothingElseIsAskedFor() {
    Set<Access> asked = new TreeSet<>();
    ASKED.values().forEach(asked::addAll);
    assertThat(GRANTED.granted()).containsAll(asked);
  }
}
