package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TestDecoders;
import dev.alambic.model.reference.FiniteDifference;
import dev.alambic.model.reference.ReferenceDivergence;
import dev.alambic.model.reference.ReferenceObjective;
import dev.alambic.model.reference.ReferenceTarget;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Head and loss are those of the reference: the losses themselves, and their gradients by finite
 * differences. Two sequences of five positions, thirteen words; chunks of four positions, so that a
 * chunk spans both sequences and the last one is short.
 */
class ObjectiveTest {
  private static final int SEQUENCES = 2;
  private static final int TIME = 5;
  private static final int POSITIONS = SEQUENCES * TIME;
  private static final int CHUNK = 4;
  private static final int VOCABULARY = 13;
  private static final int HIDDEN = 6;
  private static final int DRAWS = 7;
  private static final int TOP = 4;

  /** One over a count of positions that is not this batch's: it may be part of a larger one. */
  private static final double SCALE = 1.0 / 24;

  /** Relative, of a sum of losses. Seen: 2e-7 at most. */
  private static final double LOSS = 2e-6;

  /** Relative, in the Euclidean norm, of a tensor's gradient. Seen: 4e-7 at most. */
  private static final double GRADIENT = 3e-6;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** What a teacher sends. */
  enum Teaching {
    /** No teacher. */
    NONE,
    /** Draws, as counts. */
    SAMPLED,
    /** Log-probabilities of some ids, and of all others together. */
    TOP_K,
    /** Log-probabilities. */
    DENSE,
    /** Log-probabilities of which some, past the teacher's own vocabulary, are minus infinity. */
    DENSE_PADDED,
    /** All on one word. */
    DENSE_ONE_HOT
  }

  record Case(Teaching teaching, RunSpec.Objective objective, double softCap) {
    static Case of(
        Teaching teaching, Divergence divergence, double temperature, double label, double cap) {
      return new Case(teaching, new RunSpec.Objective(divergence, temperature, label, 0.5), cap);
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (double cap : new double[] {0, 3}) {
      cases.add(Case.of(Teaching.NONE, Divergence.ForwardKL, 1, 0, cap));
      for (double temperature : new double[] {1, 2}) {
        for (double label : new double[] {0, 0.3, 1}) {
          cases.add(Case.of(Teaching.SAMPLED, Divergence.ForwardKL, temperature, label, cap));
        }
        for (Divergence divergence : Divergence.values()) {
          cases.add(Case.of(Teaching.TOP_K, divergence, temperature, 0.3, cap));
        }
        cases.add(Case.of(Teaching.TOP_K, Divergence.ForwardKL, temperature, 0, cap));
        cases.add(Case.of(Teaching.DENSE, Divergence.ForwardKL, temperature, 0, cap));
        cases.add(Case.of(Teaching.DENSE, Divergence.ForwardKL, temperature, 0.3, cap));
        cases.add(Case.of(Teaching.DENSE, Divergence.ReverseKL, temperature, 0, cap));
        cases.add(Case.of(Teaching.DENSE, Divergence.ReverseKL, temperature, 0.3, cap));
        for (Teaching dense :
            new Teaching[] {Teaching.DENSE, Teaching.DENSE_PADDED, Teaching.DENSE_ONE_HOT}) {
          for (double beta : new double[] {0.1, 0.5, 0.9}) {
            cases.add(
                new Case(
                    dense,
                    new RunSpec.Objective(Divergence.JensenShannon, temperature, 0.3, beta),
                    cap));
          }
        }
      }
      cases.add(Case.of(Teaching.NONE, Divergence.ForwardKL, 2, 0, cap));
      cases.add(Case.of(Teaching.DENSE, Divergence.ForwardKL, 1, 1, cap));
      cases.add(Case.of(Teaching.DENSE_PADDED, Divergence.ForwardKL, 1, 0, cap));
      cases.add(Case.of(Teaching.DENSE_ONE_HOT, Divergence.ForwardKL, 2, 0, cap));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossesAndGradientsAreTheReferences(Case c) {
    Setting setting = new Setting(c);
    Outcome outcome = setting.run(CHUNK);

    LossSums sums = setting.expectedSums();
    assertClose(outcome.sums(), sums);
    assertClose(outcome.evaluated(), sums);
    double[][] hidden = setting.hidden;
    double[] expected =
        IntStream.range(0, POSITIONS)
            .mapToObj(i -> setting.expectedGradient(hidden[i]))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    assertThat(relativeError(outcome.hiddenGradient(), expected)).isLessThan(GRADIENT);
    assertThat(
            relativeError(
                outcome.embeddingGradient(), setting.expectedGradient(setting.embedding())))
        .isLessThan(GRADIENT);
  }

  static Stream<Case> onePerPath() {
    return Stream.of(
        Case.of(Teaching.NONE, Divergence.ForwardKL, 1, 0, 3),
        Case.of(Teaching.SAMPLED, Divergence.ForwardKL, 1, 0.3, 3),
        Case.of(Teaching.SAMPLED, Divergence.ForwardKL, 2, 0.3, 3),
        Case.of(Teaching.TOP_K, Divergence.ForwardKL, 1, 0.3, 3),
        Case.of(Teaching.DENSE, Divergence.JensenShannon, 2, 0.3, 3));
  }

  @ParameterizedTest
  @MethodSource("onePerPath")
  void chunksChangeNothing(Case c) {
    Setting setting = new Setting(c);
    Outcome whole = setting.run(POSITIONS);

    for (int chunk : new int[] {1, 5, 9}) {
      Outcome parts = setting.run(chunk);
      assertClose(parts.sums(), whole.sums());
      assertThat(relativeError(parts.hiddenGradient(), doubles(whole.hiddenGradient())))
          .isLessThan(GRADIENT);
      assertThat(relativeError(parts.embeddingGradient(), doubles(whole.embeddingGradient())))
          .isLessThan(GRADIENT);
    }
  }

  /** A student that agrees with the counts has nothing to learn: the divergence is 0 nats. */
  @Test
  void theDivergenceOfCountsIsLessTheirEntropy() {
    Setting setting = new Setting(Case.of(Teaching.SAMPLED, Divergence.ForwardKL, 1, 0, 0));
    double entropy = 0;
    double crossEntropy = 0;
    double[][] logits = setting.model.reference().head(setting.hidden);
    for (int i = 0; i < POSITIONS; i++) {
      double[] p = setting.targets[i].probabilities();
      entropy += ReferenceDivergence.entropy(p);
      crossEntropy += ReferenceDivergence.crossEntropy(p, logSoftmax(logits[i]));
    }

    assertThat(setting.run(CHUNK).sums().divergence())
        .isCloseTo(crossEntropy - entropy, within(1e-5));
  }

  /** Far beyond what a float's exponential holds. */
  @Test
  void hugeLogitsStayFinite() {
    for (Case c :
        List.of(
            Case.of(Teaching.NONE, Divergence.ForwardKL, 1, 0, 0),
            Case.of(Teaching.SAMPLED, Divergence.ForwardKL, 1, 0.3, 0),
            Case.of(Teaching.SAMPLED, Divergence.ForwardKL, 2, 0.3, 0),
            Case.of(Teaching.TOP_K, Divergence.ForwardKL, 1, 0.3, 0),
            Case.of(Teaching.DENSE, Divergence.ForwardKL, 1, 0.3, 0),
            Case.of(Teaching.DENSE, Divergence.ReverseKL, 1, 0.3, 0),
            Case.of(Teaching.DENSE_ONE_HOT, Divergence.ForwardKL, 1, 0.3, 0),
            Case.of(Teaching.DENSE_ONE_HOT, Divergence.JensenShannon, 2, 0.3, 0))) {
      Setting setting = new Setting(c);
      for (double[] row : setting.hidden) {
        Arrays.setAll(row, i -> row[i] * 1024);
      }
      Outcome outcome = setting.run(CHUNK);

      assertClose(outcome.sums(), setting.expectedSums());
      assertFinite(outcome.hiddenGradient());
      assertFinite(outcome.embeddingGradient());
    }
  }

  /** As the reference says; with the whole weight on the label it must not spoil the gradient. */
  @Test
  void reverseKlIsInfiniteWhereTheTeacherRulesAWordOut() {
    Setting setting = new Setting(Case.of(Teaching.DENSE_PADDED, Divergence.ReverseKL, 1, 1, 3));
    Outcome outcome = setting.run(CHUNK);

    assertThat(setting.expectedSums().divergence()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(outcome.sums().divergence()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(
            relativeError(
                outcome.embeddingGradient(), setting.expectedGradient(setting.embedding())))
        .isLessThan(GRADIENT);
  }

  private static void assertFinite(float[] values) {
    for (float value : values) {
      assertThat(value).isFinite();
    }
  }

  private static void assertClose(LossSums actual, LossSums expected) {
    assertThat(actual.positions()).isEqualTo(expected.positions());
    assertThat(actual.labelCrossEntropy())
        .isCloseTo(expected.labelCrossEntropy(), within(LOSS * expected.labelCrossEntropy()));
    assertThat(actual.divergence())
        .isCloseTo(
            expected.divergence(), within(LOSS * Math.max(POSITIONS, expected.divergence())));
    assertThat(actual.masses().teacher())
        .isCloseTo(expected.masses().teacher(), within(LOSS * POSITIONS));
    assertThat(actual.masses().student())
        .isCloseTo(expected.masses().student(), within(LOSS * POSITIONS));
    assertThat(actual.masses().shared())
        .isCloseTo(expected.masses().shared(), within(LOSS * POSITIONS));
  }

  private static double relativeError(float[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.hypot(difference, actual[i] - expected[i]);
      size = Math.hypot(size, expected[i]);
    }
    return difference / size;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] logSoftmax(double[] logits) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(z -> Math.exp(z - most)).sum();
    return Arrays.stream(logits).map(z -> z - most - Math.log(sum)).toArray();
  }

  /** What the engine says. */
  private record Outcome(
      LossSums evaluated, LossSums sums, float[] hiddenGradient, float[] embeddingGradient) {}

  /** A head, hidden states, and a teacher's signals for engine and reference. */
  private static final class Setting {
    final Case c;
    final TestModel model;
    final double[][] hidden = new double[POSITIONS][HIDDEN];
    final ReferenceTarget[] targets = new ReferenceTarget[POSITIONS];
    final List<Example> examples = new ArrayList<>();
    final ReferenceObjective objective;

    Setting(Case c) {
      this.c = c;
      DecoderConfig config =
          DecoderConfig.gemma2(
              VOCABULARY, HIDDEN, 1, 1, 1, 2, 2, 9, 9, 1e4, 1e-6, 0, c.softCap(), 2);
      this.model = TestModels.random(config, 1);
      Random random = new Random(2);
      for (double[] row : hidden) {
        Arrays.setAll(row, i -> (float) (2 * random.nextGaussian()));
      }
      // Without a teacher the label is all there is, whatever its weight.
      RunSpec.Objective settings = c.objective();
      this.objective =
          new ReferenceObjective(
              c.teaching() == Teaching.NONE
                  ? new RunSpec.Objective(settings.divergence(), settings.temperature(), 1, 0.5)
                  : settings);
      TestSignals signals = new TestSignals(random, VOCABULARY, settings.temperature());
      for (int s = 0; s < SEQUENCES; s++) {
        int[] tokens = random.ints(TIME + 1, 0, VOCABULARY).toArray();
        TestSignals.Taught taught =
            switch (c.teaching()) {
              case NONE -> signals.none(tokens);
              case SAMPLED -> signals.sampled(tokens, DRAWS);
              case TOP_K -> signals.topK(tokens, TOP);
              case DENSE -> signals.dense(tokens, VOCABULARY);
              case DENSE_PADDED -> signals.dense(tokens, VOCABULARY - 3);
              case DENSE_ONE_HOT -> signals.dense(tokens, 1);
            };
        examples.add(taught.example());
        System.arraycopy(taught.targets(), 0, targets, s * TIME, TIME);
      }
    }

    double[] embedding() {
      return model.weights().get(TensorNames.EMBEDDING);
    }

    LossSums expectedSums() {
      double[][] logits = model.reference().head(hidden);
      double label = 0;
      double divergence = 0;
      for (int i = 0; i < POSITIONS; i++) {
        label += objective.labelCrossEntropy(logits[i], targets[i]);
        divergence +=
            c.teaching() == Teaching.NONE ? 0 : objective.divergence(logits[i], targets[i]);
      }
      return new LossSums(label, divergence, expectedMasses(logits), POSITIONS);
    }

    /** On the ids that the signal names: a bucket for all others is none. */
    private Progress.Masses expectedMasses(double[][] logits) {
      double teacher = 0;
      double student = 0;
      double shared = 0;
      for (int i = 0; i < POSITIONS && c.teaching() != Teaching.NONE; i++) {
        double[] p = targets[i].probabilities();
        double[] logQ =
            targets[i].outcomes(
                logSoftmax(
                    Arrays.stream(logits[i]).map(z -> z / c.objective().temperature()).toArray()));
        int named = c.teaching() == Teaching.TOP_K ? p.length - 1 : p.length;
        for (int k = 0; k < named; k++) {
          double q = p[k] > 0 ? Math.exp(logQ[k]) : 0;
          teacher += p[k];
          student += q;
          shared += Math.min(p[k], q);
        }
      }
      return new Progress.Masses(teacher, student, shared);
    }

    /** Of the objective's sum times {@link #SCALE}, with respect to values that it reads. */
    double[] expectedGradient(double[] values) {
      DoubleSupplier loss =
          () -> SCALE * objective.loss(model.reference().head(hidden), targets, 1);
      return FiniteDifference.gradient(loss, values, IntStream.range(0, values.length).toArray());
    }

    Outcome run(int chunk) {
      try (Decoder decoder = TestDecoders.of(model);
          Objective engine = new Objective(decoder, c.objective(), chunk);
          NDManager scope = decoder.manager().newSubManager()) {
        Torch.requireGradient(decoder.parameters().embedding());
        NDArray input = scope.create(floats(hidden), new Shape(SEQUENCES, TIME, HIDDEN));
        Targets labels = new Targets(examples, TIME);
        LossSums evaluated = engine.evaluate(scope, input, labels);
        Objective.Backward backward = engine.backward(scope, input, labels, SCALE);
        return new Outcome(
            evaluated,
            backward.sums(),
            backward.gradient().toFloatArray(),
            Torch.gradient(scope, decoder.parameters().embedding()).toFloatArray());
      }
    }

    private static float[] floats(double[][] rows) {
      float[] floats = new float[POSITIONS * HIDDEN];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) rows[i / HIDDEN][i % HIDDEN];
      }
      return floats;
    }
  }
}
