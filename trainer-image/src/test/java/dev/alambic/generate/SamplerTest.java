package dev.alambic.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.signal.Draws;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {
  private static final float[] LOGITS = {1, 3, 2, -4, 3, 0.5f, -20, Float.NEGATIVE_INFINITY};

  /** exp(x / T) / sum exp(x / T), the plain way. */
  private static double[] softmax(float[] logits, double temperature) {
    double[] values = new double[logits.length];
    Arrays.setAll(values, i -> Math.exp(logits[i] / temperature));
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> value / sum).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0.5, 1", "2, 1", "1, 0.8", "0.7, 0.5", "1, 0.01", "3, 0.95"})
  void drawsAreAsOftenAsTheirProbability(double temperature, double topP) {
    double[] expected = softmax(LOGITS, temperature);
    double[] kept = nucleus(expected, topP);
    Sampling sampling = new Sampling(temperature, topP, 0);
    int draws = 40_000;
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < draws; i++) {
      Sampler.Choice choice = Sampler.choose(LOGITS, sampling, Draws.uniforms(17, 3, i, 1)[0]);
      counts[choice.token()]++;
      assertThat(choice.logProbability())
          .isCloseTo(Math.log(expected[choice.token()]), within(1e-12));
    }
    for (int id = 0; id < LOGITS.length; id++) {
      double sigma = Math.sqrt(draws * kept[id] * (1 - kept[id]));
      assertThat((double) counts[id]).isCloseTo(draws * kept[id], within(4 * sigma + 1e-9));
    }
  }

  /** Takes the likeliest id not yet taken until the share is reached, then scales to one. */
  private static double[] nucleus(double[] probabilities, double topP) {
    double[] kept = new double[probabilities.length];
    double mass = 0;
    while (mass < topP - 1e-12) {
      int best = -1;
      for (int id = 0; id < kept.length; id++) {
        if (kept[id] == 0 && (best < 0 || probabilities[id] > probabilities[best])) {
          best = id;
        }
      }
      if (probabilities[best] == 0) {
        break;
      }
      kept[best] = probabilities[best];
      mass += kept[best];
    }
    double sum = mass;
    return Arrays.stream(kept).map(value -> value / sum).toArray();
  }

  @Test
  void greedyTakesTheFirstOfTheLikeliest() {
    for (double uniform : new double[] {0, 0.5, Math.nextDown(1.0)}) {
      Sampler.Choice choice = Sampler.choose(LOGITS, Sampling.GREEDY, uniform);
      assertThat(choice.token()).isEqualTo(1);
      assertThat(choice.logProbability()).isCloseTo(Math.log(softmax(LOGITS, 1)[1]), within(1e-12));
    }
  }

  /** Whatever the logits and the draw: a token of positive probability. */
  @Test
  void neverDrawsTheImpossible() {
    Random random = new Random(4);
    for (int i = 0; i < 2000; i++) {
      float[] logits = new float[1 + random.nextInt(50)];
      for (int id = 0; id < logits.length; id++) {
        logits[id] =
            random.nextInt(3) == 0
                ? Float.NEGATIVE_INFINITY
                : (float) (random.nextGaussian() * 200);
      }
      logits[random.nextInt(logits.length)] = 1;
      double uniform = i % 3 == 0 ? Math.nextDown(1.0) : random.nextDouble();
      double topP = i % 2 == 0 ? 1 : Math.max(1e-9, random.nextDouble());
      Sampler.Choice choice =
          Sampler.choose(logits, new Sampling(0.1 + random.nextDouble() * 3, topP, 0), uniform);
      assertThat(logits[choice.token()]).isFinite();
      assertThat(choice.logProbability()).isNotNaN().isLessThanOrEqualTo(0);
    }
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertThatThrownBy(() -> Sampler.choose(new float[] {1, Float.NaN}, Sampling.GREEDY, 0))
        .hasMessageStartingWith("the logit of token 1 is not a number");
    float[] none = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
    assertThatThrownBy(() -> Sampler.choose(none, Sampling.GREEDY, 0))
        .hasMessageStartingWith("no logit is finite");
    assertThatThrownBy(() -> new Sampling(-1, 1, 0)).hasMessageStartingWith("temperature: -1.0");
    assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageStartingWith("top-p: 0.0");
  }
}
