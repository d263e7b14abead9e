package dev.alambic.cli.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Sharding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * By hand. Two layers of 10 parameters and an embedding of 20; a token takes 3 s forward and 6
 * backward in a layer and 4 in the head. Two GPUs on 20 bytes a second: half of a layer's 40 bytes
 * takes 1 s, half of the embedding's 80 takes 2.
 */
class StepSimulationTest {
  private static final StepWork WORK =
      new StepWork(
          2,
          new StepWork.Counts(10, 20, 0),
          perToken(3),
          perToken(6),
          perToken(4),
          perToken(0),
          Work.ofBytes(0.1),
          Double.NaN);
  private static final Speed SECONDS = new Speed(1, 1, 1);
  private static final Ring TWO = new Ring(2, 20, 0);

  private static Cost perToken(double seconds) {
    return new Cost(Work.ofBf16(seconds), Work.NONE);
  }

  private static StepTime step(Ring ring, Sharding sharding, Passes passes) {
    return StepSimulation.of(WORK, SECONDS, ring, Exchange.FP32, sharding, passes);
  }

  private static void assertIs(
      StepTime step, double compute, double communication, double exposed, double update) {
    assertThat(step.compute()).isCloseTo(compute, within(1e-9));
    assertThat(step.communication()).isCloseTo(communication, within(1e-9));
    assertThat(step.exposed()).isCloseTo(exposed, within(1e-9));
    assertThat(step.update()).isCloseTo(update, within(1e-9));
    assertThat(step.seconds()).isCloseTo(compute + exposed + update, within(1e-9));
  }

  /**
   * Two passes of 6 + 4 + 12 s end at 44. The upper layer's gradient is summed from 38 to 40, the
   * lower's from 44 to 46, the embedding's from 46 to 50. Then 40 parameters at 0.1 s.
   */
  @Test
  void noneSumsBesideTheLastBackwardPass() {
    assertIs(step(TWO, Sharding.None, new Passes(2, 1, false)), 44, 8, 6, 4);
  }

  /**
   * Half as long: from 38 to 39, 44 to 45, 45 to 47. Then 20 parameters, and the weights in 1 + 1 +
   * 2 s.
   */
  @Test
  void optimizerGathersAfterItsUpdate() {
    assertIs(step(TWO, Sharding.Optimizer, new Passes(2, 1, false)), 44, 8, 3 + 4, 2);
  }

  /**
   * The embedding comes from 0 to 2, the lower layer from 2 to 3, the upper one beside it; forward
   * until 9, head until 13. The upper layer comes again from 13 to 14, and is computed twice until
   * 23; the lower until 32, its gradient until 33, the embedding's until 35.
   */
  @Test
  void fullWaitsOnlyForTheFirstLayerOfEachPass() {
    assertIs(step(TWO, Sharding.Full, new Passes(1, 1, true)), 28, 10, 2 + 1 + 1 + 3, 2);
  }

  /**
   * Four times as slow: gathers and sums of a layer take 4 s, the embedding's 8. Gathered at 8, 12,
   * 16; forward until 15 and, after 16, 19; head until 23. Gathered at 27 and 31; backward until
   * 36, summed until 40; until 45, summed until 49, and the embedding until 57.
   */
  @Test
  void aSlowNetworkIsWaitedFor() {
    Ring slow = new Ring(2, 5, 0);

    assertIs(step(slow, Sharding.Full, new Passes(1, 1, true)), 28, 40, 57 - 28, 2);
  }

  @Test
  void withoutRecomputationTheBackwardPassGathersNothing() {
    StepTime kept = step(TWO, Sharding.Full, new Passes(1, 1, false));

    assertThat(kept.communication()).isCloseTo(8, within(1e-9));
    assertThat(kept.compute()).isCloseTo(22, within(1e-9));
  }

  @Test
  void theLastPassHasWhatIsLeft() {
    assertThat(step(TWO, Sharding.Full, new Passes(5, 2, false)).compute())
        .isCloseTo(5 * 22, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(Sharding.class)
  void aGpuAloneWaitsForNobody(Sharding sharding) {
    StepTime alone = step(new Ring(1, 20, 1), sharding, new Passes(2, 1, true));

    assertThat(alone.communication()).isZero();
    assertThat(alone.exposed()).isCloseTo(0, within(1e-9));
  }

  /** Whatever the network, what is exposed is a part of what is sent. */
  @ParameterizedTest
  @EnumSource(Sharding.class)
  void exposedIsAPartOfCommunication(Sharding sharding) {
    for (double bandwidth = 0.1; bandwidth < 1e4; bandwidth *= 3) {
      for (int tokens = 1; tokens < 6; tokens++) {
        StepTime step =
            step(new Ring(4, bandwidth, 0.01), sharding, new Passes(tokens, 2, tokens % 2 == 0));

        assertThat(step.exposed()).isPositive().isLessThanOrEqualTo(step.communication() + 1e-9);
      }
    }
  }
}
