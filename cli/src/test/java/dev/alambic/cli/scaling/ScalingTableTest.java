package dev.alambic.cli.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingTableTest {
  private static final double UTILIZATION = 0.4;
  private static final long TEACHER = 27_227_128_320L;
  private static final Cluster SLOW = new Cluster(Accelerator.H100, 8, 450e9, 5e9);

  private static ScalingTable of(Cluster cluster, String size, long batchTokens) {
    RunPlan plan =
        Specs.plan(
            Specs.gemma(Device.unknownGpu(8)),
            "student: {size: %s}".formatted(size),
            "tokenBudget: 8T",
            "training: {sequenceLength: 4096, batchTokens: %d}".formatted(batchTokens));
    return ScalingTable.of(plan, TEACHER, cluster, UTILIZATION);
  }

  private static ScalingTable of(String size) {
    return of(Cluster.H100, size, 4_194_304);
  }

  private static List<ScalingRow> calculated(ScalingTable table) {
    return table.rows().stream().filter(row -> row.problem() == null).toList();
  }

  /**
   * By hand, with {@link StepWorkTest}'s counts: a token's layers and head are 76.60e9 operations
   * at 395.6e12 a second, 1.835e9 in FP32 at 50.25e12, and 271.3 MB at 3.015 TB/s, in all 320.1 us;
   * a pass of eight sequences is 42 x 34 bytes for 198.2M parameters and 16 for 917.5M, 98.7 ms;
   * 524288 tokens in 16 passes are 167.8 + 1.6 s. Full sends 8 bytes for each of the 8.324B in
   * layers in each pass, and 8 for each of the 917.5M in the embedding.
   */
  @Test
  void nineBillionOnEightGpusByHand() {
    ScalingRow row = of("9B").rows().get(0);

    assertThat(row.gpus()).isEqualTo(8);
    assertThat(row.layout().sharding()).isEqualTo(Sharding.Full);
    assertThat(row.layout().microBatchSequences()).isEqualTo(8);
    assertThat(row.layout().recompute()).isTrue();
    assertThat(row.step().compute()).isCloseTo(169.4, within(0.1));
    double bytes = 16 * 12 * 8.3242e9 + 8 * 0.9175e9;
    assertThat(row.step().communication()).isCloseTo(bytes * 7 / 8 / 370e9, within(0.1));
    assertThat(row.step().update()).isCloseTo(96 * 9.2417e9 / 8 / 3.015e12, within(1e-4));
    assertThat(row.outcome().tokensPerSecond())
        .isCloseTo(4_194_304 / row.step().seconds(), within(1.0));
    assertThat(row.outcome().days())
        .isCloseTo(8e12 / row.outcome().tokensPerSecond() / 86_400, within(0.01));
    // 3 x (42 x 434.1M + 2 x 917.5M) operations a token, of 989e12 on each of eight GPUs.
    assertThat(row.outcome().mfu())
        .isCloseTo(60.204e9 * row.outcome().tokensPerSecond() / 8 / 989e12, within(1e-4));
  }

  /** A GPU of the teacher does 395.6e12 operations a second, and a token takes 54.5e9. */
  @Test
  void teachersKeepUpAndNoneIsIdle() {
    double each = UTILIZATION * 989e12 / (2.0 * TEACHER);

    for (ScalingRow row : calculated(of("9B"))) {
      ScalingRow.Outcome outcome = row.outcome();
      assertThat(outcome.teacherGpus() * each).isGreaterThanOrEqualTo(outcome.tokensPerSecond());
      assertThat((outcome.teacherGpus() - 1) * each).isLessThan(outcome.tokensPerSecond());
      assertThat(outcome.totalGpus()).isEqualTo(row.gpus() + outcome.teacherGpus());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.6B", "9B", "27B"})
  void moreGpusAreNeverSlowerAndNeverWaitForMoreThanIsSent(String size) {
    for (Cluster cluster : List.of(Cluster.H100, SLOW)) {
      List<ScalingRow> rows = calculated(of(cluster, size, 4_194_304));
      assertThat(rows).hasSizeGreaterThanOrEqualTo(6);
      for (int i = 0; i < rows.size(); i++) {
        StepTime step = rows.get(i).step();
        assertThat(step.exposed()).isPositive().isLessThanOrEqualTo(step.communication());
        assertThat(i == 0 || step.seconds() < rows.get(i - 1).step().seconds()).isTrue();
      }
    }
  }

  /** A larger micro-batch, for which a part of the student makes room, wins a little. */
  @ParameterizedTest
  @ValueSource(strings = {"2.6B", "9B", "27B"})
  void efficiencyIsAtMostWhatALargerMicroBatchWins(String size) {
    List<ScalingRow> rows = calculated(of(size));
    int first = rows.get(0).layout().microBatchSequences();
    for (ScalingRow row : rows) {
      double most = row.layout().microBatchSequences() > first ? 1.03 : 1;
      assertThat(row.outcome().efficiency()).isPositive().isLessThanOrEqualTo(most);
    }
  }

  @Test
  void oneNodeKnowsNoNetwork() {
    ScalingTable fast = of("9B");
    ScalingTable slow = of(SLOW, "9B", 4_194_304);

    assertThat(slow.rows().get(0).step()).isEqualTo(fast.rows().get(0).step());
    assertThat(slow.rows().get(1).step().communication())
        .isGreaterThan(5 * fast.rows().get(1).step().communication());
  }

  @Test
  void theLeastShardingThatFitsIsTaken() {
    assertThat(calculated(of("2.6B")))
        .allSatisfy(row -> assertThat(row.layout().sharding()).isEqualTo(Sharding.None));
    assertThat(calculated(of("9B")))
        .allSatisfy(row -> assertThat(row.layout().sharding()).isEqualTo(Sharding.Full))
        .allSatisfy(row -> assertThat(row.layout().memoryBytes()).isLessThan(72_000_000_000L));
  }

  @Test
  void whatDoesNotFitIsSaid() {
    ScalingRow row = of("27B").rows().get(0);

    assertThat(row.problem()).contains("cannot hold");
    assertThat(row.step()).isNull();
  }

  @Test
  void aBatchOfLessThanASequenceForEachGpuIsSaid() {
    ScalingRow row = of(Cluster.H100, "9B", 1_048_576).rows().get(6);

    assertThat(row.problem())
        .isEqualTo(
            "the batch has only 256 sequences: set spec.training.batchTokens to 2097152 or more");
  }

  @Test
  void sequencesThatCannotBeSharedEvenlyAreLeftOut() {
    List<ScalingRow> rows = calculated(of(Cluster.H100, "9B", 1_000_000));

    assertThat(rows.stream().map(row -> row.layout().sequences()))
        .containsExactly(240, 240, 224, 192, 128);
  }

  @Test
  void gatheringInBf16IsNeverSlower() {
    assertThat(calculated(of(SLOW, "9B", 4_194_304)))
        .allSatisfy(
            row ->
                assertThat(row.outcome().bf16GatherStepSeconds()).isLessThan(row.step().seconds()));
  }

  @Test
  void sharesOfComputeAreAllOfIt() {
    ScalingTable.Shares shares = of("9B").compute();

    assertThat(shares.products() + shares.memory() + shares.fp32Products())
        .isCloseTo(1, within(1e-9));
    assertThat(shares.products()).isCloseTo(193.6 / 320.1, within(1e-3));
    assertThat(shares.fp32Products()).isCloseTo(36.5 / 320.1, within(1e-3));
  }

  @Test
  void ofAnUnknownTeacherNothingIsSaid() {
    RunPlan plan =
        Specs.plan(
            Facts.of(Device.unknownGpu(8)),
            "student: {size: 9B}",
            "training: {batchTokens: 4194304}");
    ScalingTable table = ScalingTable.of(plan, null, Cluster.H100, UTILIZATION);

    assertThat(calculated(table))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.outcome().totalGpus()).isNull());
  }

  @Test
  void eachAssumptionIsOneSentenceWithoutAnEnd() {
    assertThat(of("9B").assumptions())
        .hasSizeGreaterThan(8)
        .allSatisfy(each -> assertThat(each.what()).isNotBlank().doesNotEndWith("."));
  }
}
