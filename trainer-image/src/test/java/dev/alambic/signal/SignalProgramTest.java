package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code signal.py} against distributions in double precision. */
class SignalProgramTest {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  /** Positions of a slice: most tests have some, and a last one that is shorter. */
  private static final int SLICE = 3;

  private static NDManager manager;
  private static Program program;

  @BeforeAll
  static void load() {
    Torch.start(1);
    manager = Torch.newManager();
    program = Program.load(manager, "signal");
  }

  @AfterAll
  static void unload() {
    program.close();
    manager.close();
  }

  private record Sampled(float[] label, float[] entropy, int[] ids) {}

  private static Sampled sample(
      double[][] logits, long[] labels, double[] uniforms, double temperature) {
    return sample(logits, labels, uniforms, 0, temperature);
  }

  private static Sampled sample(
      double[][] logits, long[] labels, double[] uniforms, double cap, double temperature) {
    try (NDManager scope = manager.newSubManager()) {
      NDList out =
          program.callAll(
              scope,
              "sampled_signal",
              scope.create(flat(logits), new Shape(logits.length, logits[0].length)),
              scope.create(labels),
              scope.create(uniforms, new Shape(logits.length, uniforms.length / logits.length)),
              cap,
              temperature,
              SLICE);
      return new Sampled(
          out.get(0).toFloatArray(), out.get(1).toFloatArray(), out.get(2).toIntArray());
    }
  }

  private static float[] flat(double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  /** Random logits; ids from 90 on and the first one don't exist. */
  private static double[][] randomLogits(int n) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] logits = new double[n][100];
    for (double[] row : logits) {
      for (int id = 0; id < row.length; id++) {
        row[id] = id == 0 || id >= 90 ? NONE : (float) (3 * random.nextGaussian());
      }
    }
    return logits;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.7, 2})
  void drawsInvertTheDistributionFunction(double temperature) {
    int n = 20;
    int draws = 50;
    double[][] logits = randomLogits(n);
    long[] labels = new long[n];
    double[] uniforms = new double[n * draws];
    for (int i = 0; i < n; i++) {
      labels[i] = 1L + i;
      Draws.fill(uniforms, i * draws, 3, 4, i, draws);
    }
    Sampled sampled = sample(logits, labels, uniforms, temperature);
    for (int i = 0; i < n; i++) {
      double[] p = SignalMath.softmax(logits[i], temperature);
      double label = Math.log(SignalMath.softmax(logits[i], 1)[i + 1]);
      assertThat((double) sampled.label[i]).isCloseTo(label, within(1e-5));
      assertThat((double) sampled.entropy[i]).isCloseTo(SignalMath.entropy(p), within(1e-5));
      int[] ids = Arrays.copyOfRange(sampled.ids, i * draws, (i + 1) * draws);
      SignalMath.assertDrawn(p, Arrays.copyOfRange(uniforms, i * draws, (i + 1) * draws), ids);
    }
  }

  @Test
  void idsOfProbabilityZeroAreNeverDrawnAtEitherEnd() {
    double[][] logits = {
      {NONE, NONE, 1, NONE, 2, NONE, NONE}, {NONE, 0, NONE, NONE, NONE, NONE, 0}
    };
    double last = Math.nextDown(1.0);
    double[] uniforms = {0, Double.MIN_VALUE, 0.5, last, 0, Double.MIN_VALUE, 0.6, last};
    Sampled sampled = sample(logits, new long[] {2, 1}, uniforms, 1);
    assertThat(sampled.ids).containsExactly(2, 2, 4, 4, 1, 1, 6, 6);
    assertThat(sampled.entropy[1]).isCloseTo((float) Math.log(2), within(1e-6f));
  }

  @Test
  void aCertainTokenIsDrawnAlwaysAndHasNoEntropy() {
    double[][] logits = {{0, 1e4, 0}};
    double[] uniforms = {0, 0.3, Math.nextDown(1.0)};
    Sampled sampled = sample(logits, new long[] {1}, uniforms, 1);
    assertThat(sampled.ids).containsOnly(1);
    assertThat(sampled.label).containsExactly(0);
    assertThat(sampled.entropy[0]).isZero();
  }

  @Test
  void noTailIsLostInALargeVocabulary() {
    // One id of probability 0.99 and 255,999 that share the rest, 4e-8 each: near 1, float32 sums
    // are 6e-8 apart, so that neighbours in the tail could not be told from each other.
    int vocabulary = 256_000;
    int draws = 1000;
    double[][] logits = new double[1][vocabulary];
    logits[0][0] = Math.log(99.0 * (vocabulary - 1));
    double[] uniforms = new double[draws];
    for (int j = 0; j < draws; j++) {
      uniforms[j] = 0.99 + 0.01 * (100_000.5 + j) / (vocabulary - 1);
    }
    Sampled sampled = sample(logits, new long[] {0}, uniforms, 1);
    // float32 softmax may shift all of them by the head's own rounding, a few ids.
    assertThat(sampled.ids[0]).isBetween(99_990, 100_012);
    for (int j = 1; j < draws; j++) {
      assertThat(sampled.ids[j]).isEqualTo(sampled.ids[j - 1] + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9_000, 9_007, 32_000})
  void drawsFromBlocksOfALargeVocabularyInvertTheDistributionFunction(int vocabulary) {
    // 50 draws: blocks of 16 or 32 ids, the last of 9,007 only partly there.
    int n = 7;
    int draws = 50;
    SplittableRandom random = new SplittableRandom(2);
    double[][] logits = new double[n][vocabulary];
    double[] uniforms = new double[n * draws];
    for (int i = 0; i < n; i++) {
      Arrays.setAll(logits[i], id -> id % 5 == 0 ? NONE : (float) (4 * random.nextGaussian()));
      Arrays.fill(logits[i], 64, 256, NONE); // blocks without any id
      Arrays.fill(logits[i], vocabulary - 40, vocabulary, NONE); // a padded vocabulary
      logits[i][1] = 0;
      Draws.fill(uniforms, i * draws, 3, 4, i, draws);
      uniforms[i * draws] = 0;
      uniforms[i * draws + draws - 1] = Math.nextDown(1.0);
    }
    Sampled sampled = sample(logits, filled(n, 1), uniforms, 1);
    for (int i = 0; i < n; i++) {
      double[] p = SignalMath.softmax(logits[i], 1);
      assertThat((double) sampled.label[i]).isCloseTo(Math.log(p[1]), within(1e-5));
      assertThat((double) sampled.entropy[i]).isCloseTo(SignalMath.entropy(p), within(1e-5));
      int[] ids = Arrays.copyOfRange(sampled.ids, i * draws, (i + 1) * draws);
      assertThat(ids).isSorted();
      SignalMath.assertDrawn(p, Arrays.copyOfRange(uniforms, i * draws, (i + 1) * draws), ids);
    }
  }

  @Test
  void aDrawAtABlocksEdgeFallsOnTheRightSideOfIt() {
    // 16,384 equal weights: all sums are exact. One draw on each first id of a block, at the edge
    // itself and just under it; four draws make blocks of 64.
    int vocabulary = 16_384;
    int n = 64;
    double[] uniforms = new double[4 * n];
    for (int i = 0; i < n; i++) {
      double edge = 128.0 * (i + 1) / vocabulary;
      uniforms[4 * i] = Math.nextDown(edge);
      uniforms[4 * i + 1] = edge == 1 ? Math.nextDown(1.0) : edge;
      uniforms[4 * i + 2] = uniforms[4 * i + 1];
      uniforms[4 * i + 3] = Math.nextDown(1.0);
    }
    int[] ids = sample(new double[n][vocabulary], new long[n], uniforms, 1).ids;
    for (int i = 0; i < n; i++) {
      int first = 128 * (i + 1);
      int next = Math.min(first, vocabulary - 1);
      assertThat(Arrays.copyOfRange(ids, 4 * i, 4 * i + 4))
          .containsExactly(first - 1, next, next, vocabulary - 1);
    }
  }

  @Test
  void extremeLogitsKeepTheirEntropyAndLabel() {
    double[][] logits = {
      {-30, 30, -30, 30}, {1e4, 1e4, -1e4, NONE}, {-5000, -5001, -5002, NONE}, {88, -88, 88.5, 0}
    };
    double[] uniforms = new double[4 * 2];
    for (double temperature : new double[] {1, 0.25, 4}) {
      Sampled sampled = sample(logits, new long[] {0, 1, 2, 3}, uniforms, temperature);
      for (int i = 0; i < 4; i++) {
        double[] p = SignalMath.softmax(logits[i], temperature);
        double top = Arrays.stream(logits[i]).max().orElseThrow();
        double sum = Arrays.stream(logits[i]).map(z -> Math.exp(z - top)).sum();
        double label = logits[i][i] - top - Math.log(sum);
        assertThat((double) sampled.label[i]).isCloseTo(label, within(2e-5));
        assertThat((double) sampled.entropy[i]).isCloseTo(SignalMath.entropy(p), within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.25, 3})
  void theSoftCapIsThatOfTheLogits(double temperature) {
    double[][] products = {{0.5, -3, 12, 40}, {1e4, -1e4, 31, 29}, {-1e4, -1e4, -1e4, -1e4}};
    double[] uniforms = {0.1, 0.6, 0.1, 0.6, 0.1, 0.6};
    Sampled sampled = sample(products, new long[] {0, 1, 2}, uniforms, 30, temperature);
    for (int i = 0; i < 3; i++) {
      double[] capped = Arrays.stream(products[i]).map(x -> 30 * Math.tanh(x / 30)).toArray();
      double[] p = SignalMath.softmax(capped, temperature);
      double label = Math.log(SignalMath.softmax(capped, 1)[i]);
      assertThat((double) sampled.label[i]).isCloseTo(label, within(2e-5));
      assertThat((double) sampled.entropy[i]).isCloseTo(SignalMath.entropy(p), within(1e-5));
      double[] own = Arrays.copyOfRange(uniforms, 2 * i, 2 * i + 2);
      SignalMath.assertDrawn(p, own, Arrays.copyOfRange(sampled.ids, 2 * i, 2 * i + 2));
    }
  }

  @Test
  void aPositionWithoutNumbersIsToldApartFromItsNeighbours() {
    // The codec refuses what is not finite; until then nothing may read outside of its tensors.
    double[][] logits = new double[2][16_384];
    Arrays.fill(logits[0], Double.NaN);
    Sampled sampled = sample(logits, new long[2], new double[] {0, 0.5, 0, 0.5}, 1);
    assertThat(sampled.label[0]).isNaN();
    assertThat(sampled.entropy[0]).isNaN();
    assertThat(sampled.entropy[1]).isCloseTo((float) Math.log(16_384), within(1e-5f));
    assertThat(Arrays.copyOfRange(sampled.ids, 2, 4)).containsExactly(0, 8192);
  }

  private static long[] filled(int n, long value) {
    long[] values = new long[n];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void sharesOfALargeVocabularyAreUnbiased() {
    // Three draws make blocks of 32 ids.
    int vocabulary = 2048;
    int n = 4000;
    int draws = 3;
    double[] row = new double[vocabulary];
    SplittableRandom random = new SplittableRandom(4);
    Arrays.setAll(row, id -> (float) (3 * random.nextGaussian()));
    double[][] logits = new double[n][];
    Arrays.fill(logits, row);
    double[] uniforms = new double[n * draws];
    for (int seed = 0; seed < n; seed++) {
      Draws.fill(uniforms, seed * draws, seed, 1, 2, draws);
    }
    double[] share = new double[vocabulary];
    for (int id : sample(logits, new long[n], uniforms, 1).ids) {
      share[id] += 1.0 / n / draws;
    }
    double[] p = SignalMath.softmax(row, 1);
    for (int id = 0; id < vocabulary; id++) {
      double sixErrors = 6 * Math.sqrt(p[id] / n / draws) + 2.0 / n / draws;
      assertThat(share[id]).as("id %d", id).isCloseTo(p[id], within(sixErrors));
    }
  }

  @Test
  void sharesAreUnbiased() {
    double[] row = {2, 1, NONE, 0.5, 0, -1, -2, -4};
    int n = 20_000;
    int draws = 5;
    double[][] logits = new double[n][];
    Arrays.fill(logits, row);
    double[] uniforms = new double[n * draws];
    for (int seed = 0; seed < n; seed++) {
      Draws.fill(uniforms, seed * draws, seed, 1, 2, draws);
    }
    double[] share = new double[row.length];
    for (int id : sample(logits, new long[n], uniforms, 1.5).ids) {
      share[id] += 1.0 / n / draws;
    }
    double[] p = SignalMath.softmax(row, 1.5);
    for (int id = 0; id < p.length; id++) {
      double fiveErrors = 5 * Math.sqrt(p[id] * (1 - p[id]) / n / draws);
      assertThat(share[id]).as("id %d", id).isCloseTo(p[id], within(fiveErrors));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 89, 95, 100})
  void topKSignalsAreTheMostProbableIdsAndTheRest(int size) {
    double[][] logits = randomLogits(7);
    try (NDManager scope = manager.newSubManager()) {
      NDList out =
          program.callAll(
              scope,
              "top_k_signal",
              scope.create(flat(logits), new Shape(7, 100)),
              scope.create(new long[] {1, 2, 3, 4, 5, 6, 7}),
              size,
              0.0,
              2.0);
      int[] ids = out.get(2).toIntArray();
      float[] values = out.get(3).toFloatArray();
      for (int i = 0; i < 7; i++) {
        double[] p = SignalMath.softmax(logits[i], 2);
        assertThat((double) out.get(1).toFloatArray()[i])
            .isCloseTo(SignalMath.entropy(p), within(1e-5));
        int[] here = Arrays.copyOfRange(ids, i * size, (i + 1) * size);
        assertThat(here).isSorted().doesNotHaveDuplicates();
        double known = 0;
        for (int k = 0; k < size; k++) {
          assertThat(Math.exp(values[i * (size + 1) + k])).isCloseTo(p[here[k]], within(1e-6));
          known += p[here[k]];
        }
        double[] descending = Arrays.stream(p).map(x -> -x).sorted().map(x -> -x).toArray();
        assertThat(known).isCloseTo(Arrays.stream(descending, 0, size).sum(), within(1e-9));
        assertThat(Math.exp(values[i * (size + 1) + size])).isCloseTo(1 - known, within(1e-6));
      }
    }
  }

  @Test
  void denseSignalsAreTheLogSoftmax() {
    double[][] logits = randomLogits(7);
    try (NDManager scope = manager.newSubManager()) {
      NDList out =
          program.callAll(
              scope,
              "dense_signal",
              scope.create(flat(logits), new Shape(7, 100)),
              scope.create(new long[] {1, 2, 3, 4, 5, 6, 7}),
              0.0,
              2.0);
      float[] values = out.get(2).toFloatArray();
      for (int i = 0; i < 7; i++) {
        double[] p = SignalMath.softmax(logits[i], 2);
        double label = Math.log(SignalMath.softmax(logits[i], 1)[i + 1]);
        assertThat((double) out.get(0).toFloatArray()[i]).isCloseTo(label, within(1e-5));
        assertThat((double) out.get(1).toFloatArray()[i])
            .isCloseTo(SignalMath.entropy(p), within(1e-5));
        for (int id = 0; id < 100; id++) {
          assertThat(Math.exp(values[i * 100 + id])).isCloseTo(p[id], within(1e-6));
        }
      }
    }
  }
}
