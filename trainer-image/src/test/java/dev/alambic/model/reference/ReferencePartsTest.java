package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.decoder.Rotary;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each piece of the maths against a truth known without it. */
class ReferencePartsTest {

  private static final double TOLERANCE = 1e-12;
  private final Random random = new Random(1);

  @Test
  void linearIsAMatrixTimesAVector() {
    assertThat(Vectors.linear(new double[] {1, 2, 3, 4, 5, 6}, new double[] {1, 10, 100}))
        .containsExactly(321, 654);
  }

  @Test
  void logSumExpDoesNotOverflow() {
    assertThat(Vectors.logSumExp(new double[] {1000, 1000}))
        .isCloseTo(1000 + Math.log(2), within(TOLERANCE));
    assertThat(Vectors.logSumExp(new double[] {-1000, -1001}))
        .isCloseTo(-1000 + Math.log1p(Math.exp(-1)), within(TOLERANCE));
  }

  @Test
  void softmaxSumsToOneAndIgnoresAShift() {
    double[] x = vector(10);
    double[] shifted = Arrays.stream(x).map(value -> value + 7).toArray();

    double[] probabilities = Vectors.exp(Vectors.logSoftmax(x));

    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(TOLERANCE));
    assertThat(Vectors.exp(Vectors.logSoftmax(shifted)))
        .containsExactly(probabilities, within(TOLERANCE));
  }

  @Test
  void normBringsTheMeanSquareToOneAndScalesByItsGain() {
    double[] x = vector(8);
    double[] plain = RmsNorm.apply(x, filled(8, 1), 0);
    double[] gained = RmsNorm.apply(x, filled(8, 1.5), 0);

    assertThat(Vectors.dot(plain, plain) / 8).isCloseTo(1, within(TOLERANCE));
    assertThat(RmsNorm.apply(Vectors.scale(9, x), filled(8, 1), 0))
        .containsExactly(plain, within(TOLERANCE));
    assertThat(gained).containsExactly(Vectors.scale(1.5, plain), within(TOLERANCE));
    // A mean square of 3 and an epsilon of 1 make a root of 2.
    assertThat(RmsNorm.apply(filled(4, Math.sqrt(3)), filled(4, 1), 1))
        .containsExactly(filled(4, Math.sqrt(3) / 2), within(TOLERANCE));
  }

  @Test
  void rotationTurnsElementsHalfAHeadApart() {
    // At position 1 the first pair, elements 0 and 2, turns by one radian, whatever theta is.
    assertThat(RotaryPosition.apply(new double[] {1, 0, 0, 0}, 1, Rotary.plain(100)))
        .containsExactly(new double[] {Math.cos(1), 0, Math.sin(1), 0}, within(TOLERANCE));
    // The second pair, elements 1 and 3, turns by 100^(-2/4) = 0.1.
    assertThat(RotaryPosition.apply(new double[] {0, 0, 0, 1}, 1, Rotary.plain(100)))
        .containsExactly(new double[] {0, -Math.sin(0.1), 0, Math.cos(0.1)}, within(TOLERANCE));
  }

  @Test
  void rotationKeepsLengthsAndSeesOnlyDistances() {
    double[] query = vector(8);
    double[] key = vector(8);

    double[] turned = RotaryPosition.apply(query, 11, Rotary.plain(100));
    double score = Vectors.dot(turned, RotaryPosition.apply(key, 8, Rotary.plain(100)));
    double moved =
        Vectors.dot(
            RotaryPosition.apply(query, 25, Rotary.plain(100)),
            RotaryPosition.apply(key, 22, Rotary.plain(100)));

    assertThat(Vectors.dot(turned, turned)).isCloseTo(Vectors.dot(query, query), within(TOLERANCE));
    assertThat(moved).isCloseTo(score, within(TOLERANCE));
    assertThat(Vectors.dot(query, key)).isNotCloseTo(score, within(1e-3));
  }

  @Test
  void softCapIsLinearAtZeroAndBoundedFarOut() {
    assertThat(SoftCap.apply(1e-4, 30)).isCloseTo(1e-4, within(1e-12));
    assertThat(SoftCap.apply(1e6, 30)).isEqualTo(30);
    assertThat(SoftCap.apply(-1e6, 30)).isEqualTo(-30);
    assertThat(SoftCap.apply(12.5, 0)).isEqualTo(12.5);
  }

  @Test
  void geluIsCloseToTheGaussianForm() {
    // x times the normal distribution function, from its table.
    assertThat(FeedForward.gelu(0)).isZero();
    assertThat(FeedForward.gelu(1)).isCloseTo(0.841345, within(1e-3));
    assertThat(FeedForward.gelu(-1)).isCloseTo(-0.158655, within(1e-3));
    assertThat(FeedForward.gelu(2)).isCloseTo(2 * 0.977250, within(1e-3));
    // PyTorch's F.gelu(1.0, approximate="tanh").
    assertThat(FeedForward.gelu(1)).isCloseTo(0.8411919906082768, within(1e-15));
  }

  @Test
  void feedForwardIsGateTimesUp() {
    Map<String, double[]> weights =
        Map.of(
            "gate_proj.weight", new double[] {2},
            "up_proj.weight", new double[] {3},
            "down_proj.weight", new double[] {5});

    assertThat(FeedForward.apply(new double[] {1}, weights::get, FeedForward::gelu))
        .containsExactly(new double[] {FeedForward.gelu(2) * 3 * 5}, within(TOLERANCE));
  }

  @Test
  void siluIsTheValueTimesItsSigmoid() {
    assertThat(FeedForward.silu(0)).isZero();
    // PyTorch's F.silu(torch.tensor(1., dtype=torch.float64)).
    assertThat(FeedForward.silu(1)).isCloseTo(0.7310585786300049, within(1e-15));
    assertThat(FeedForward.silu(-30)).isCloseTo(0, within(1e-11));
  }

  @Test
  void aBiasIsAdded() {
    Map<String, double[]> weights =
        Map.of("q_proj.weight", new double[] {1, 2, 3, 4}, "q_proj.bias", new double[] {7, 9});

    assertThat(Vectors.linear("q_proj", weights::get, new double[] {1, 10}))
        .containsExactly(28, 52);
  }

  @Test
  void gemmaStoresAGainMinusOne() {
    assertThat(RmsNorm.gain(new double[] {0.5, -1}, Family.Gemma2)).containsExactly(1.5, 0);
    assertThat(RmsNorm.gain(new double[] {0.5, -1}, Family.Gemma3)).containsExactly(1.5, 0);
    assertThat(RmsNorm.gain(new double[] {0.5, -1}, Family.Qwen3)).containsExactly(0.5, -1);
  }

  @Test
  void linearScalingSlowsEveryFrequency() {
    Rotary rotary = new Rotary(100, Rotary.Scaling.linear(8));

    assertThat(RotaryPosition.frequency(0, 8, rotary)).isCloseTo(1 / 8.0, within(TOLERANCE));
    assertThat(RotaryPosition.frequency(2, 8, rotary)).isCloseTo(0.1 / 8, within(TOLERANCE));
  }

  /** Wavelengths of 6.28, 62.8 and 628 tokens, of which those beyond 32 are slow, under 8 fast. */
  @Test
  void llama3SlowsLongWavelengthsOnly() {
    Rotary.Scaling scaling = Rotary.Scaling.llama3(8, 1, 4, 32);
    Rotary rotary = new Rotary(1e4, scaling);

    assertThat(RotaryPosition.frequency(0, 8, rotary)).isCloseTo(1, within(TOLERANCE));
    assertThat(RotaryPosition.frequency(1, 8, rotary)).isCloseTo(0.1 / 8, within(TOLERANCE));
    // A wavelength of 6.28 sqrt(10) = 19.87: 32 / 19.87 = 1.61 turns, a fifth of the way from 1 to
    // 4.
    double smooth = (32 / (2 * Math.PI) / Math.sqrt(10) - 1) / 3;
    assertThat(RotaryPosition.frequency(1, 16, rotary))
        .isCloseTo((smooth + (1 - smooth) / 8) / Math.sqrt(10), within(TOLERANCE));
  }

  @Test
  void windowSeesThatManyPositionsWithItself() {
    Attention sliding = new Attention(TestModels.TINY, true);
    Attention global = new Attention(TestModels.TINY, false);

    for (int i = 0; i < 12; i++) {
      int position = i;
      assertThat(count(12, j -> sliding.sees(position, j))).isEqualTo(Math.min(i + 1, 5));
      assertThat(count(12, j -> global.sees(position, j))).isEqualTo(i + 1);
      assertThat(sliding.sees(i, i)).isTrue();
      assertThat(global.sees(i, i + 1)).isFalse();
    }
    assertThat(sliding.sees(9, 5)).isTrue();
    assertThat(sliding.sees(9, 4)).isFalse();
  }

  @Test
  void attentionProbabilitiesSumToOneOverWhatIsSeen() {
    Attention attention = new Attention(TestModels.TINY, true);
    double[][][] keys = new double[9][2][];
    for (double[][] key : keys) {
      key[0] = vector(8);
      key[1] = vector(8);
    }

    double[] probabilities = attention.probabilities(vector(8), keys, 1, 7);

    assertThat(Arrays.stream(probabilities).sum()).isCloseTo(1, within(TOLERANCE));
    assertThat(Arrays.stream(probabilities, 0, 3)).containsOnly(0.0);
    assertThat(Arrays.stream(probabilities, 3, 8)).allMatch(p -> p > 0);
    assertThat(probabilities[8]).isZero();
  }

  @Test
  void scoresAreScaledThenCapped() {
    // One key only differs: ratios of probabilities give the score back.
    DecoderConfig config = TestModels.TINY;
    double[][][] keys = {{filled(8, 2)}, {new double[8]}};

    double[] p = new Attention(config, false).probabilities(filled(8, 3), keys, 0, 1);

    double expected = 4 * Math.tanh(48 / Math.sqrt(7) / 4);
    assertThat(Math.log(p[0] / p[1])).isCloseTo(expected, within(1e-9));
  }

  @Test
  void aWindowOfOneReturnsTheOwnValue() {
    DecoderConfig alone = withWindow(1);
    double[] value = vector(2 * 8 * 24);
    double[] output = vector(24 * 4 * 8);
    double[][] x = {vector(24), vector(24), vector(24)};

    Map<String, double[]> weights =
        Map.of(
            "q_proj.weight",
            vector(4 * 8 * 24),
            "k_proj.weight",
            vector(2 * 8 * 24),
            "v_proj.weight",
            value,
            "o_proj.weight",
            output);

    double[][] y = new Attention(alone, true).apply(x, weights::get);

    for (int t = 0; t < 3; t++) {
      double[] v = Vectors.linear(value, x[t]);
      // Query heads 0 and 1 share value head 0, heads 2 and 3 share value head 1.
      double[] concatenated = new double[32];
      for (int head = 0; head < 4; head++) {
        System.arraycopy(v, head / 2 * 8, concatenated, head * 8, 8);
      }
      assertThat(y[t]).containsExactly(Vectors.linear(output, concatenated), within(1e-9));
    }
  }

  private static DecoderConfig withWindow(int window) {
    DecoderConfig c = TestModels.TINY;
    return DecoderConfig.gemma2(
        c.vocabulary().size(),
        c.hiddenSize(),
        c.layers(),
        c.attention().heads(),
        c.attention().keyValueHeads(),
        c.attention().headSize(),
        c.feedForward().size(),
        window,
        c.positions().contextLength(),
        c.positions().rotary().theta(),
        c.normEpsilon(),
        c.attention().softCap(),
        c.vocabulary().softCap(),
        c.attention().queryScale());
  }

  private static int count(int limit, java.util.function.IntPredicate predicate) {
    return (int) java.util.stream.IntStream.range(0, limit).filter(predicate).count();
  }

  private double[] vector(int length) {
    return random.doubles(length, -1, 1).toArray();
  }

  private static double[] filled(int length, double value) {
    double[] filled = new double[length];
    Arrays.fill(filled, value);
    return filled;
  }
}
