package dev.alambic.bench.distil;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DesignTest {
  private static final Design FULL = Design.full();

  @Test
  void theTeachersAreOfTheSizesThatTheReportNames() {
    assertThat(Models.shape(Models.SMALL)).isEqualTo(Models.shape(Models.STUDENT));
    assertThat(Models.shape(Models.STUDENT).parameters()).isEqualTo(32_032);
    assertThat(Models.shape(Models.LARGE).parameters()).isEqualTo(271_584);
  }

  @Test
  void everyRunOfTheComparisonIsMadeOnceAndAfterItsTeacher() {
    List<Run> comparison = FULL.comparison(1e-2);
    assertThat(comparison).doesNotHaveDuplicates();
    assertThat(comparison)
        .allMatch(run -> run.teacher() == null || FULL.preparation().contains(run.teacher()));
  }

  @Test
  void eachSeedHasBothArmsAtEachHorizon() {
    List<Run> comparison = FULL.comparison(1e-2);
    for (long tokens : FULL.horizons()) {
      for (long seed : FULL.seeds()) {
        Run scratch = FULL.scratch(tokens, 1e-2, seed);
        assertThat(comparison).contains(scratch, scratch.distilledFrom(FULL.largeTeacher()));
      }
    }
    for (long tokens : List.of(FULL.shortHorizon(), FULL.longHorizon())) {
      for (long seed : FULL.seeds()) {
        Run run = FULL.scratch(tokens, 1e-2, seed);
        assertThat(comparison)
            .contains(
                run.distilledFrom(FULL.smallTeacher()), run.distilledFrom(FULL.largeTeacher()));
      }
    }
  }

  @Test
  void theFirstTableIsWholeBeforeTheSecondBegins() {
    List<Run> comparison = FULL.comparison(1e-2);
    int first = 2 * FULL.horizons().size() * FULL.seeds().size();
    assertThat(comparison.subList(0, first))
        .allMatch(run -> FULL.horizons().contains(run.tokens()))
        .noneMatch(run -> FULL.smallTeacher().equals(run.teacher()));
    assertThat(comparison.subList(first, comparison.size())).allMatch(run -> run.teacher() != null);
  }

  @Test
  void theTrialsSeedIsNoneOfTheCompared() {
    assertThat(FULL.seeds()).doesNotContain(Design.TRIAL_SEED);
  }

  @Test
  void theRateIsTheOneBestFromScratch() {
    Map<Run, Result> results = new HashMap<>();
    double[] losses = {3.6, 3.4, 3.5, 3.9};
    for (int i = 0; i < losses.length; i++) {
      Run run =
          Run.fromScratch(
              Models.STUDENT, FULL.rateTokens(), FULL.rates().get(i), Design.TRIAL_SEED);
      assertThat(FULL.preparation()).contains(run);
      results.put(run, new Result(run, "corpus", "abc", losses[i], null, null, 1, null, null));
    }
    assertThat(FULL.bestRate(results)).isEqualTo(FULL.rates().get(1));
  }

  @Test
  void everyRunIsWholeSteps() {
    for (Run run : FULL.comparison(1e-2)) {
      assertThat(run.tokens() % Models.STEP).isZero();
    }
  }
}
