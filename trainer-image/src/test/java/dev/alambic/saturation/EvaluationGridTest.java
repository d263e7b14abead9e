package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.alambic.run.RunSpec;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EvaluationGridTest {
  private static final long LAST = 1_000_000;

  @Test
  void startsAtTheFirstPoint() {
    assertThat(grid(1000, 4, 1).next(0, LAST)).isEqualTo(1000);
    assertThat(grid(1000, 4, 1).next(999, LAST)).isEqualTo(1000);
  }

  @Test
  void hasSoManyPointsPerDoubling() {
    List<Long> points = all(grid(1000, 4, 1), LAST);

    assertThat(points.stream().filter(p -> p >= 1000 && p < 2000)).hasSize(4);
    assertThat(points.stream().filter(p -> p >= 64_000 && p < 128_000)).hasSize(4);
  }

  @Test
  void neverComesCloserThanTheFloor() {
    List<Long> points = all(grid(1000, 4, 5000), LAST);

    for (int i = 1; i < points.size() - 1; i++) {
      assertThat(points.get(i) - points.get(i - 1)).isGreaterThanOrEqualTo(5000);
    }
    assertThat(points.subList(0, 3)).containsExactly(1000L, 6000L, 11_000L);
    assertThat(points.stream().filter(p -> p >= 200_000 && p < 400_000)).hasSize(4);
  }

  @Test
  void alwaysEndsWithTheLastStep() {
    assertThat(all(grid(1000, 4, 1), LAST)).endsWith(LAST).doesNotHaveDuplicates();
    assertThat(all(grid(2 * LAST, 4, 1), LAST)).containsExactly(LAST);
    assertThat(grid(1000, 4, 1).next(LAST, LAST)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isTheSameWhereverARunResumes() {
    EvaluationGrid grid = grid(1000, 8, 300);
    List<Long> points = all(grid, LAST);

    for (int i = 0; i + 1 < points.size(); i++) {
      long between = (points.get(i) + points.get(i + 1)) / 2;
      assertThat(grid.next(between, LAST)).isEqualTo(points.get(i + 1));
    }
  }

  @Test
  void aStepOverSeveralPointsIsFollowedByOneEvaluation() {
    EvaluationGrid grid = grid(1000, 8, 1);

    assertThat(grid.isDue(0, 999, LAST)).isFalse();
    assertThat(grid.isDue(0, 8000, LAST)).isTrue();
    assertThat(grid.isDue(8000, 8100, LAST)).isFalse();
    assertThat(grid.isDue(999_000, LAST, LAST)).isTrue();
  }

  @Test
  void staysBoundedForTheLargestBudget() {
    assertThat(all(grid(1_000_000, 8, 1_000_000), 15_000_000_000_000L)).hasSizeLessThan(250);
  }

  @Test
  void refusesAGridThatNeverAdvances() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grid(1000, 0, 1))
        .withMessage("evaluation.pointsPerDoubling is 0: it must be positive");
    assertThatIllegalArgumentException().isThrownBy(() -> grid(1000, 4, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> grid(0, 4, 1));
  }

  private static List<Long> all(EvaluationGrid grid, long last) {
    return LongStream.iterate(grid.next(0, last), p -> p != Long.MAX_VALUE, p -> grid.next(p, last))
        .boxed()
        .toList();
  }

  private static EvaluationGrid grid(long first, int perDoubling, long floor) {
    return new EvaluationGrid(new RunSpec.Evaluation(8, first, perDoubling, floor));
  }
}
