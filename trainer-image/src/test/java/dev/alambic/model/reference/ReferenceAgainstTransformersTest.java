package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The reference against Hugging Face's implementation: the logits beside this test were made by
 * transformers 5.23 in double precision from the folder that {@code TestModels.tiny(3)} writes. To
 * make them anew, run {@code golden_logits.py} on that folder with the tokens of this test.
 */
class ReferenceAgainstTransformersTest {

  @Test
  void logitsAgree() throws IOException {
    TestModel model = TestModels.tiny(3);
    int[] tokens = TestModels.tokens(model.config(), 12, 4);

    double[][] logits = model.reference().logits(tokens);

    List<double[]> expected = expected();
    assertThat(logits).hasDimensions(expected.size(), 61);
    for (int t = 0; t < tokens.length; t++) {
      assertThat(logits[t]).containsExactly(expected.get(t), within(1e-12));
    }
  }

  private static List<double[]> expected() throws IOException {
    try (InputStream csv =
        ReferenceAgainstTransformersTest.class.getResourceAsStream("transformers-logits.csv")) {
      return new String(csv.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(
              line -> Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }
}
