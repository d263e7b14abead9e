package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutTest {

  @ParameterizedTest
  @ValueSource(strings = {"50K", "300K", "3M", "50M", "1B", "300B", "2T", "15T"})
  void evaluatingCostsLessThanATenthOfTheRunAndTheCurveStaysBounded(String budget) {
    RunPlan plan = Specs.plan(Specs.toy(), "tokenBudget: " + budget);
    RunSpec.Evaluation evaluation = plan.unplaced().evaluation();
    long points = EvaluationGrid.points(evaluation, plan.training().tokenBudget());
    double forward = points * evaluation.sequences() * plan.training().sequenceLength() / 3.0;

    assertThat(forward).isLessThan(0.1 * plan.training().tokenBudget());
    assertThat(points).isBetween(4L, (long) Progress.MAX_CURVE_POINTS);
  }

  @Test
  void theFirstPointComesAfterTheWarmUp() {
    RunPlan plan = Specs.plan(Specs.toy(), "tokenBudget: 300B");

    assertThat(plan.unplaced().evaluation().firstTokens())
        .isGreaterThanOrEqualTo(
            plan.training().rate().warmupSteps() * plan.training().batchTokens());
  }
}
