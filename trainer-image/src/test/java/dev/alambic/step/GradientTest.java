package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.model.Decoder;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TestDecoders;
import dev.alambic.model.reference.FiniteDifference;
import dev.alambic.model.reference.ReferenceObjective;
import dev.alambic.model.reference.ReferenceTarget;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSignals;
import dev.alambic.train.TestSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gradient of a whole training step, through head, layers and embedding, is the finite
 * difference of the reference's loss: for some elements of every tensor.
 */
class GradientTest {
  /** In parts of the tensor's largest gradient. Seen: 3e-6 at most. */
  private static final double TOLERANCE = 2e-5;

  private static final int LONGER_THAN_A_BLOCK = 520;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** One sequence a micro-batch, or both at once; the graph kept, or made again layer by layer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTensorHasTheReferencesGradient(boolean recompute) {
    Step step = new Step(TestModels.tiny(1), 2, 8, 1);
    Map<String, float[]> gradients = step.gradients(recompute, recompute ? 1 : 2);

    assertThat(gradients).containsOnlyKeys(TensorNames.expected(step.model.config()).keySet());
    gradients.forEach((name, gradient) -> step.assertGradient(name, gradient, 3));
  }

  @ParameterizedTest
  @EnumSource
  void everyTensorOfEveryFamily(Family family) {
    Step step = new Step(TestModels.random(TestModels.family(family), 5), 1, 8, 1);
    Map<String, float[]> gradients = step.gradients(true, 1);

    assertThat(gradients).containsOnlyKeys(TensorNames.expected(step.model.config()).keySet());
    gradients.forEach((name, gradient) -> step.assertGradient(name, gradient, 1));
  }

  /** The same at temperature 2, where the head's gradient comes from autograd. */
  @Test
  void anotherTemperature() {
    Step step = new Step(TestModels.tiny(2), 1, 8, 2);
    Map<String, float[]> gradients = step.gradients(false, 1);

    gradients.forEach((name, gradient) -> step.assertGradient(name, gradient, 1));
  }

  /** Where attention goes by blocks of queries. */
  @Test
  void longSequences() {
    DecoderConfig config = DecoderConfig.gemma2(17, 8, 2, 2, 1, 4, 8, 70, 1024, 1e4, 1e-6, 4, 6, 4);
    Step step = new Step(TestModels.random(config, 3), 1, LONGER_THAN_A_BLOCK, 1);
    Map<String, float[]> gradients = step.gradients(false, 1);

    for (String suffix : List.of("q_proj", "k_proj", "v_proj")) {
      String name = TensorNames.layer(0, "self_attn." + suffix + ".weight");
      step.assertGradient(name, gradients.get(name), 1);
    }
  }

  /** One step's examples, for the engine and for the reference. */
  private static final class Step {
    private static final int DRAWS = 5;

    final TestModel model;
    final RunSpec.Objective objective;
    final List<TestSignals.Taught> taught = new ArrayList<>();
    final int positions;

    Step(TestModel model, int sequences, int time, double temperature) {
      this.model = model;
      this.objective = new RunSpec.Objective(Divergence.ForwardKL, temperature, 0.3, 0.5);
      this.positions = sequences * time;
      int vocabulary = model.config().vocabulary().size();
      TestSignals signals = new TestSignals(new Random(4), vocabulary, temperature);
      for (int i = 0; i < sequences; i++) {
        taught.add(signals.sampled(TestModels.tokens(model.config(), time + 1, i), DRAWS));
      }
    }

    Map<String, float[]> gradients(boolean recompute, int microBatch) {
      List<Example> examples = taught.stream().map(TestSignals.Taught::example).toList();
      try (Decoder decoder = TestDecoders.of(model);
          Objective head = new Objective(decoder, objective);
          NDManager scope = decoder.manager().newSubManager()) {
        Backpropagation backpropagation =
            new Backpropagation(decoder, head, TestSpecs.alone(decoder), recompute);
        for (int from = 0; from < examples.size(); from += microBatch) {
          backpropagation.run(examples.subList(from, from + microBatch), 1.0 / positions, true);
        }
        return TestDecoders.values(decoder.config(), TestDecoders.gradients(scope, decoder));
      }
    }

    double loss() {
      ReferenceObjective reference = new ReferenceObjective(objective);
      double sum = 0;
      for (TestSignals.Taught sequence : taught) {
        ReferenceTarget[] targets = sequence.targets();
        int[] inputs =
            IntStream.range(0, targets.length).map(i -> sequence.example().tokens()[i]).toArray();
        sum += reference.loss(model.reference().logits(inputs), targets, positions);
      }
      return sum;
    }

    /** Checks the largest element of the gradient and {@code others} at random. */
    void assertGradient(String name, float[] gradient, int others) {
      int largest =
          IntStream.range(0, gradient.length)
              .reduce((a, b) -> Math.abs(gradient[b]) > Math.abs(gradient[a]) ? b : a)
              .orElseThrow();
      double tolerance = TOLERANCE * Math.abs(gradient[largest]);
      DoubleSupplier loss = this::loss;
      IntStream.concat(
              IntStream.of(largest), new Random(name.hashCode()).ints(others, 0, gradient.length))
          .forEach(
              i ->
                  assertThat((double) gradient[i])
                      .as("%s[%d]", name, i)
                      .isCloseTo(
                          FiniteDifference.derivative(loss, model.weights().get(name), i),
                          within(tolerance)));
    }
  }
}
