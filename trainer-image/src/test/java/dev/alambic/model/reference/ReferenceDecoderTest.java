package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.decoder.DecoderConfig;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceDecoderTest {

  private final TestModel model = TestModels.tiny(3);
  private final DecoderConfig config = model.config();
  private final int[] tokens = TestModels.tokens(config, 12, 4);

  @Test
  void embeddingIsScaledByTheRootOfTheWidth() {
    double[] row =
        Arrays.copyOfRange(model.weights().get("model.embed_tokens.weight"), 7 * 24, 8 * 24);

    assertThat(model.reference().embed(7)[0])
        .containsExactly(Vectors.scale(Math.sqrt(24), row), within(1e-12));
  }

  @Test
  void logitsStayWithinTheCapAndReachItsBend() {
    double[][] logits = model.reference().logits(tokens);

    assertThat(logits).hasDimensions(12, 61);
    double largest = 0;
    for (double[] row : logits) {
      largest = Math.max(largest, Arrays.stream(row).map(Math::abs).max().orElseThrow());
    }
    assertThat(largest).isBetween(2.0, 6.0);
  }

  @Test
  void aPositionDependsOnThePastOnly() {
    double[][] before = model.reference().logits(tokens);
    tokens[8] = (tokens[8] + 1) % 61;
    double[][] after = model.reference().logits(tokens);

    for (int t = 0; t < 8; t++) {
      assertThat(after[t]).containsExactly(before[t]);
    }
    for (int t = 8; t < 12; t++) {
      assertThat(distance(after[t], before[t])).isGreaterThan(1e-3);
    }
  }

  @Test
  void evenLayersForgetWhatIsOutsideTheWindowAndOddOnesDoNot() {
    double[][] x = model.reference().embed(tokens);
    double[][] changed = model.reference().embed(tokens);
    changed[2] = Vectors.scale(-1, changed[2]);

    for (int layer = 0; layer < 3; layer++) {
      double[][] y = model.reference().layer(layer, x);
      double[][] z = model.reference().layer(layer, changed);
      assertThat(distance(y[6], z[6])).isGreaterThan(1e-4);
      if (layer % 2 == 0) {
        assertThat(z[7]).containsExactly(y[7]);
      } else {
        assertThat(distance(y[7], z[7])).isGreaterThan(1e-4);
      }
    }
  }

  @Test
  void blocksThatPostNormsSilenceLeaveTheResidualAlone() {
    for (String norm : new String[] {"post_attention_layernorm", "post_feedforward_layernorm"}) {
      // A weight of -1 is a gain of zero.
      Arrays.fill(model.weights().get("model.layers.1." + norm + ".weight"), -1);
    }
    double[][] x = model.reference().embed(tokens);

    double[][] y = model.reference().layer(1, x);

    for (int t = 0; t < x.length; t++) {
      assertThat(y[t]).containsExactly(x[t]);
    }
  }

  @Test
  void everyWeightMatters() {
    double[][] before = model.reference().logits(tokens);
    for (Map.Entry<String, double[]> weight : model.weights().entrySet()) {
      double[] values = weight.getValue();
      double[] kept = values.clone();
      for (int i = 0; i < values.length; i++) {
        values[i] += i % 2 == 0 ? 0.1 : -0.1;
      }
      double[][] after = model.reference().logits(tokens);
      System.arraycopy(kept, 0, values, 0, kept.length);

      assertThat(distance(after[11], before[11])).as(weight.getKey()).isGreaterThan(1e-3);
    }
  }

  private static double distance(double[] a, double[] b) {
    double[] difference = Vectors.add(a, Vectors.scale(-1, b));
    return Math.sqrt(Vectors.dot(difference, difference));
  }
}
