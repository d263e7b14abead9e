package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.run.RunSpec;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceLossTest {

  private static final double TOLERANCE = 1e-12;
  private final Random random = new Random(5);

  @Test
  void divergencesAreZeroBetweenEqualsAndPositiveOtherwise() {
    for (int i = 0; i < 50; i++) {
      double[] p = distribution();
      double[] logP = log(p);
      double[] logQ = log(distribution());

      assertThat(ReferenceDivergence.forwardKl(p, logP)).isCloseTo(0, within(TOLERANCE));
      assertThat(ReferenceDivergence.reverseKl(p, logP)).isCloseTo(0, within(TOLERANCE));
      assertThat(ReferenceDivergence.jensenShannon(p, logP, 0.3)).isCloseTo(0, within(TOLERANCE));
      assertThat(ReferenceDivergence.forwardKl(p, logQ)).isGreaterThan(1e-3);
      assertThat(ReferenceDivergence.reverseKl(p, logQ)).isGreaterThan(1e-3);
      assertThat(ReferenceDivergence.jensenShannon(p, logQ, 0.3)).isGreaterThan(1e-4);
    }
  }

  @Test
  void forwardKlOfACoinByHand() {
    double[] fair = {0.5, 0.5};
    double[] bent = {0.25, 0.75};

    assertThat(ReferenceDivergence.forwardKl(fair, log(bent)))
        .isCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3), within(TOLERANCE));
    assertThat(ReferenceDivergence.reverseKl(fair, log(bent)))
        .isCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), within(TOLERANCE));
  }

  @Test
  void crossEntropyIsForwardKlPlusTheEntropyOfTheTeacher() {
    double[] p = distribution();
    double[] logQ = log(distribution());

    assertThat(ReferenceDivergence.crossEntropy(p, logQ))
        .isCloseTo(
            ReferenceDivergence.forwardKl(p, logQ) + ReferenceDivergence.entropy(p),
            within(TOLERANCE));
  }

  @Test
  void jensenShannonAtOneHalfIsSymmetricAndAtMostLogTwo() {
    double[] p = distribution();
    double[] q = distribution();

    assertThat(ReferenceDivergence.jensenShannon(p, log(q), 0.5))
        .isCloseTo(ReferenceDivergence.jensenShannon(q, log(p), 0.5), within(TOLERANCE));
    assertThat(
            ReferenceDivergence.jensenShannon(
                new double[] {1, 0}, new double[] {Double.NEGATIVE_INFINITY, 0}, 0.5))
        .isCloseTo(Math.log(2), within(TOLERANCE));
  }

  /** Section 3 of arXiv 2306.13649: D / beta goes to KL(p || q), D / (1 - beta) to KL(q || p). */
  @Test
  void jensenShannonTendsToTheTwoDivergences() {
    double[] p = distribution();
    double[] logQ = log(distribution());

    assertThat(ReferenceDivergence.jensenShannon(p, logQ, 1e-7) / 1e-7)
        .isCloseTo(ReferenceDivergence.forwardKl(p, logQ), within(1e-5));
    assertThat(ReferenceDivergence.jensenShannon(p, logQ, 1 - 1e-7) / 1e-7)
        .isCloseTo(ReferenceDivergence.reverseKl(p, logQ), within(1e-5));
  }

  @Test
  void jensenShannonDoesNotUnderflow() {
    double[] p = {1, 0};
    double[] logQ = Vectors.logSoftmax(new double[] {-2000, 2000});

    assertThat(ReferenceDivergence.jensenShannon(p, logQ, 0.1)).isFinite().isPositive();
  }

  @Test
  void temperatureSoftensTeacherAndStudentAlike() {
    double[] logits = vector(9);
    ReferenceTarget target = ReferenceTarget.ofLogits(logits, 2.5, 0);

    for (Divergence divergence : Divergence.values()) {
      assertThat(objective(divergence, 2.5, 0).position(logits, target))
          .isCloseTo(0, within(TOLERANCE));
      assertThat(objective(divergence, 1, 0).position(logits, target)).isGreaterThan(1e-3);
    }
  }

  @Test
  void labelWeightMixes() {
    double[] logits = vector(9);
    ReferenceTarget target = ReferenceTarget.ofLogits(vector(9), 1, 4);
    double divergence = objective(Divergence.ForwardKL, 1, 0).position(logits, target);
    double label = objective(Divergence.ForwardKL, 1, 1).position(logits, target);

    assertThat(label).isCloseTo(-Vectors.logSoftmax(logits)[4], within(TOLERANCE));
    assertThat(objective(Divergence.ForwardKL, 1, 0.25).position(logits, target))
        .isCloseTo(0.25 * label + 0.75 * divergence, within(TOLERANCE));
  }

  @Test
  void ignoredPositionsDoNotCountAndPartsAddUp() {
    double[][] logits = {vector(9), vector(9), vector(9)};
    ReferenceTarget[] targets = {
      ReferenceTarget.ofLogits(vector(9), 1, 1),
      ReferenceTarget.ofLogits(vector(9), 1, ReferenceTarget.IGNORED),
      ReferenceTarget.ofLogits(vector(9), 1, 3)
    };
    ReferenceObjective objective = objective(Divergence.ForwardKL, 1, 0.5);

    double whole = objective.loss(logits, targets, ReferenceObjective.validTokens(targets));

    double first = objective.position(logits[0], targets[0]);
    double third = objective.position(logits[2], targets[2]);
    assertThat(whole).isCloseTo((first + third) / 2, within(TOLERANCE));
  }

  @Test
  void countsAreADistributionAndTheirGradientIsUnbiased() {
    ReferenceTarget counted = ReferenceTarget.ofCounts(new int[] {2, 5}, new int[] {3, 1}, 9, 0);
    assertThat(counted.probabilities()).containsExactly(0, 0, 0.75, 0, 0, 0.25, 0, 0, 0);

    // The gradient of forward KL with respect to the logits is q - p, linear in p: the mean
    // over draws is the dense gradient.
    double[] p = distribution();
    double[] logits = vector(9);
    double[] mean = new double[9];
    for (int draw = 0; draw < 9; draw++) {
      ReferenceTarget one = ReferenceTarget.ofCounts(new int[] {draw}, new int[] {1}, 9, 0);
      mean = Vectors.add(mean, Vectors.scale(p[draw], gradient(logits, one)));
    }
    assertThat(mean).containsExactly(gradient(logits, new ReferenceTarget(p, 0)), within(1e-9));
  }

  @Test
  void forwardKlsGradientIsStudentMinusTeacher() {
    double[] p = distribution();
    double[] logits = vector(9);
    double[] q = Vectors.exp(Vectors.logSoftmax(logits));

    assertThat(gradient(logits, new ReferenceTarget(p, 0)))
        .containsExactly(Vectors.add(q, Vectors.scale(-1, p)), within(1e-10));
  }

  private double[] gradient(double[] logits, ReferenceTarget target) {
    return FiniteDifference.gradient(
        () -> objective(Divergence.ForwardKL, 1, 0).position(logits, target),
        logits,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8);
  }

  private static ReferenceObjective objective(
      Divergence divergence, double temperature, double labelWeight) {
    return new ReferenceObjective(new RunSpec.Objective(divergence, temperature, labelWeight, 0.3));
  }

  private double[] distribution() {
    return Vectors.exp(Vectors.logSoftmax(vector(9)));
  }

  private double[] vector(int length) {
    return random.doubles(length, -2, 2).toArray();
  }

  private static double[] log(double[] p) {
    return Arrays.stream(p).map(Math::log).toArray();
  }
}
