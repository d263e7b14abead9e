package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.Family;
import dev.alambic.model.DType;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TestDecoders;
import dev.alambic.model.reference.ReferenceAdamW;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSpecs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps over a decoder's flat tensors are the reference's steps, tensor by named tensor. */
class AdamWTest {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-3;
  private static final double DECAY = 0.3;
  private static final int STEPS = 6;

  /** Absolute, of parameters around one after {@link #STEPS} steps of about 0.05. Seen: 4e-7. */
  private static final double TOLERANCE = 2e-6;

  // Has every kind of tensor: norms, biases, and a head of its own.
  private final TestModel model = TestModels.random(TestModels.family(Family.Llama), 1);
  private final Random random = new Random(2);

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  private static RunSpec.Optimizer settings(double clip) {
    return new RunSpec.Optimizer(BETA1, BETA2, EPSILON, DECAY, clip);
  }

  /** The norm of the random gradients is about 15: a limit of 1 always clips, 1000 never. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 15, 1000})
  void stepsAreTheReferences(double clip) {
    Map<String, double[]> expected = model.weights();
    Map<String, ReferenceAdamW> reference = new LinkedHashMap<>();
    // Decay pulls at matrices; the gains of the norms and the biases keep their size.
    expected.forEach(
        (name, values) ->
            reference.put(
                name,
                new ReferenceAdamW(
                    values.length, BETA1, BETA2, EPSILON, decays(name) ? DECAY : 0)));

    try (Decoder decoder = decoder();
        AdamW optimizer = new AdamW(decoder, TestSpecs.alone(decoder), settings(clip))) {
      for (int step = 0; step < STEPS; step++) {
        double rate = 0.05 / (step + 1);
        Map<String, double[]> gradients = randomGradients();
        setGradients(decoder, gradients);
        double norm = optimizer.step(step, rate);

        double expectedNorm =
            ReferenceAdamW.clip(clip, gradients.values().toArray(double[][]::new));
        assertThat(norm).isCloseTo(expectedNorm, within(1e-5 * expectedNorm));
        gradients.forEach(
            (name, gradient) -> reference.get(name).step(expected.get(name), gradient, rate));
      }
      TestDecoders.values(decoder.config(), decoder.parameters())
          .forEach(
              (name, actual) -> {
                for (int i = 0; i < actual.length; i++) {
                  assertThat((double) actual[i])
                      .as("%s[%d]", name, i)
                      .isCloseTo(expected.get(name)[i], within(TOLERANCE));
                }
              });
    }
  }

  /**
   * A layer of Gemma 2's 27B has 560 million parameters: summed one after the other in single
   * precision, the squares would be lost under the rounding of their own sum.
   */
  @Test
  void theNormOfManyGradientsIsAsExactAsThatOfFew() {
    int elements = (1 << 23) + 5;
    try (NDManager manager = Torch.newManager();
        Program program = Program.load(manager, "optimizer")) {
      NDArray gradient = manager.full(new Shape(elements), 0.1f);

      double norm =
          Math.sqrt(program.call(manager, "squares", List.of(gradient)).toDoubleArray()[0]);

      double exact = 0.1f * Math.sqrt(elements);
      assertThat(norm).isCloseTo(exact, within(1e-5 * exact));
    }
  }

  @Test
  void normsAndBiasesDoNotDecay() {
    try (Decoder decoder = decoder();
        AdamW optimizer = new AdamW(decoder, TestSpecs.alone(decoder), settings(1))) {
      optimizer.step(0, 0.1);

      float kept = (float) (1 - 0.1 * DECAY);
      TestDecoders.values(decoder.config(), decoder.parameters())
          .forEach(
              (name, values) -> {
                float[] expected = model.floats(name);
                for (int i = 0; i < expected.length && decays(name); i++) {
                  expected[i] *= kept;
                }
                assertThat(values).as(name).containsExactly(expected, within(1e-6f));
              });
    }
  }

  @Test
  void aStepLeavesTheGradientsAtZero() {
    try (Decoder decoder = decoder();
        AdamW optimizer = new AdamW(decoder, TestSpecs.alone(decoder), settings(1))) {
      setGradients(decoder, randomGradients());
      optimizer.step(0, 0.1);

      assertGradientsAreZero(decoder);
    }
  }

  /** One bad number anywhere skips the step and is forgotten. */
  @ParameterizedTest
  @CsvSource({
    "NaN, model.embed_tokens.weight",
    "Infinity, model.layers.2.mlp.down_proj.weight",
    "-Infinity, model.norm.weight"
  })
  void aGradientThatIsNotFiniteChangesNothing(double bad, String name) {
    try (Decoder decoder = decoder();
        AdamW optimizer = new AdamW(decoder, TestSpecs.alone(decoder), settings(1))) {
      setGradients(decoder, randomGradients());
      optimizer.step(0, 0.1);
      List<float[]> before = state(decoder, optimizer);

      Map<String, double[]> gradients = randomGradients();
      gradients.get(name)[7] = bad;
      setGradients(decoder, gradients);

      assertThat(optimizer.step(1, 0.1)).isNotFinite();
      List<float[]> after = state(decoder, optimizer);
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i)).containsExactly(before.get(i));
      }
      assertGradientsAreZero(decoder);
    }
  }

  private static boolean decays(String name) {
    return !name.endsWith("norm.weight") && !name.endsWith(".bias");
  }

  private Decoder decoder() {
    return TestDecoders.of(model);
  }

  private Map<String, double[]> randomGradients() {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    TensorNames.expected(model.config())
        .forEach(
            (name, shape) -> {
              double[] values = new double[(int) shape.elements()];
              Arrays.setAll(values, i -> (float) (0.15 * random.nextGaussian()));
              gradients.put(name, values);
            });
    return gradients;
  }

  private void setGradients(Decoder decoder, Map<String, double[]> gradients) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor tensor : new TestModel(model.config(), gradients).tensors(DType.F32)) {
      tensors.put(tensor.name(), tensor);
    }
    try (NDManager scope = decoder.manager().newSubManager()) {
      DecoderParameters gathered = TestDecoders.gradients(scope, decoder);
      DecoderWeights.copy(decoder.config(), tensors, gathered);
    }
  }

  private static void assertGradientsAreZero(Decoder decoder) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      for (NDArray gradient : TestDecoders.gradients(scope, decoder).all()) {
        assertThat(gradient.toFloatArray()).containsOnly(0f);
      }
    }
  }

  /** Parameters and both moments. */
  private static List<float[]> state(Decoder decoder, AdamW optimizer) {
    return List.of(decoder.parameters().all(), optimizer.firstMoments(), optimizer.secondMoments())
        .stream()
        .flatMap(List::stream)
        .map(NDArray::toFloatArray)
        .toList();
  }
}
