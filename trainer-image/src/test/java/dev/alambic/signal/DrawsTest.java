package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final double[] P = {0.4, 0.25, 0.0, 0.17, 0.1, 0.05, 0.02, 0.007, 0.003};

  @Test
  void uniformsAreAFunctionOfSeedSequenceAndPositionAlone() {
    double[] here = Draws.uniforms(1, 2, 3, 50);
    assertThat(Draws.uniforms(1, 2, 3, 50)).isEqualTo(here);
    assertThat(Draws.uniforms(2, 2, 3, 50)).isNotEqualTo(here);
    assertThat(Draws.uniforms(1, 3, 3, 50)).isNotEqualTo(here);
    assertThat(Draws.uniforms(1, 2, 4, 50)).isNotEqualTo(here);
  }

  @Test
  void theNumbersNeverChange() {
    // Reference values of an independent implementation (Python). A changed generator would
    // silently change what cached signals mean: raise
    // Fingerprint.VERSION with it.
    assertThat(Draws.sequenceKey(new int[] {1, 2, 3})).isEqualTo(-1611130613533166010L);
    assertThat(Draws.uniforms(1, 2, 3, 2)).containsExactly(0.37084627254606894, 0.6412051530622032);
  }

  @Test
  void eachStratumIsHitOnceInOrder() {
    for (int draws : new int[] {1, 2, 50, 1000}) {
      double[] uniforms = Draws.uniforms(5, 6, 7, draws);
      for (int j = 0; j < draws; j++) {
        assertThat(uniforms[j]).isBetween((double) j / draws, (j + 1.0) / draws).isLessThan(1);
      }
    }
  }

  @Test
  void sequenceKeyDependsOnEachTokenAndOnTheirOrder() {
    long key = Draws.sequenceKey(new int[] {1, 2, 3});
    assertThat(Draws.sequenceKey(new int[] {1, 2, 3})).isEqualTo(key);
    assertThat(Draws.sequenceKey(new int[] {1, 3, 2})).isNotEqualTo(key);
    assertThat(Draws.sequenceKey(new int[] {1, 2})).isNotEqualTo(key);
    assertThat(Draws.sequenceKey(new int[] {1, 2, 3, 0})).isNotEqualTo(key);
  }

  @Test
  void sharesOfDrawsAreUnbiased() {
    int seeds = 20_000;
    int draws = 10;
    double[] mean = new double[P.length];
    for (int seed = 0; seed < seeds; seed++) {
      for (int id : SignalMath.inverse(P, Draws.uniforms(seed, 11, 3, draws))) {
        mean[id] += 1.0 / draws / seeds;
      }
    }
    for (int id = 0; id < P.length; id++) {
      // Five standard errors of independent draws, which are the larger ones.
      double bound = 5 * Math.sqrt(P[id] * (1 - P[id]) / draws / seeds);
      assertThat(mean[id]).as("id %d", id).isCloseTo(P[id], within(bound));
    }
    assertThat(mean[2]).isZero();
  }

  @Test
  void positionsAreIndependentOfEachOther() {
    // The mean over positions of one sequence must be unbiased as well.
    int positions = 20_000;
    double mean = 0;
    double product = 0;
    double previous = 0.5;
    for (int position = 0; position < positions; position++) {
      double u = Draws.uniforms(3, 4, position, 1)[0];
      mean += u / positions;
      product += (u - 0.5) * (previous - 0.5) / positions;
      previous = u;
    }
    assertThat(mean).isCloseTo(0.5, within(5 * 0.2887 / Math.sqrt(positions)));
    assertThat(product).isCloseTo(0, within(5.0 / 12 / Math.sqrt(positions)));
  }

  @Test
  void errorFallsAtLeastAsTheRootOfTheDraws() {
    double[] p = SignalMath.shuffled(SignalMath.zipf(500, 1.3), new SplittableRandom(1));
    double few = rootMeanSquareError(p, 10);
    double many = rootMeanSquareError(p, 1000);
    assertThat(many).isLessThanOrEqualTo(few / Math.sqrt(100) * 1.05);
  }

  @Test
  void varianceIsBelowThatOfIndependentDraws() {
    int draws = 50;
    double independent = Math.sqrt(Arrays.stream(P).map(p -> p * (1 - p)).sum() / draws / P.length);
    assertThat(rootMeanSquareError(P, draws)).isLessThan(0.5 * independent);
  }

  private static double rootMeanSquareError(double[] p, int draws) {
    int seeds = 400;
    double sum = 0;
    for (int seed = 0; seed < seeds; seed++) {
      double[] share = new double[p.length];
      for (int id : SignalMath.inverse(p, Draws.uniforms(seed, 1, 1, draws))) {
        share[id] += 1.0 / draws;
      }
      for (int id = 0; id < p.length; id++) {
        sum += Math.pow(share[id] - p[id], 2);
      }
    }
    return Math.sqrt(sum / seeds / p.length);
  }
}
