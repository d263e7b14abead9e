package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.model.Decoder;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Answers of different lengths after prompts of different lengths, in one batch: losses and
 * gradients are the reference's on the answers' positions, each sequence read alone.
 */
class RaggedBatchTest {
  private static final int[] LENGTHS = {9, 4, 7};
  private static final int[] PROMPTS = {3, 1, 6};
  private static final int COUNTED = 9 - 3 + 4 - 1 + 7 - 6 + 3;

  private final TestModel model = TestModels.tiny(1);
  private final List<TestSignals.Taught> taught = new ArrayList<>();

  /** What a teacher sends, and a divergence that may be taken on it. */
  enum Case {
    SAMPLED(Divergence.ForwardKL),
    TOP_K(Divergence.ReverseKL),
    DENSE(Divergence.ReverseKL),
    DENSE_BOTH(Divergence.JensenShannon);

    final Divergence divergence;

    Case(Divergence divergence) {
      this.divergence = divergence;
    }
  }

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @ParameterizedTest
  @EnumSource
  void promptsAndPaddingDoNotCount(Case given) {
    int vocabulary = model.config().vocabulary().size();
    TestSignals signals = new TestSignals(new Random(4), vocabulary, 1);
    for (int i = 0; i < LENGTHS.length; i++) {
      int[] tokens = TestModels.tokens(model.config(), LENGTHS[i] + 1, i);
      TestSignals.Taught one =
          switch (given) {
            case SAMPLED -> signals.sampled(tokens, 5);
            case TOP_K -> signals.topK(tokens, 4);
            case DENSE, DENSE_BOTH -> signals.dense(tokens, vocabulary);
          };
      Example all = one.example();
      Example answer = new Example(all.tokens(), all.signal(), PROMPTS[i] - 1, null);
      taught.add(new TestSignals.Taught(answer, masked(one.targets(), PROMPTS[i] - 1)));
    }
    check(new RunSpec.Objective(given.divergence, 1, 0, 0.3));
  }

  private static ReferenceTarget[] masked(ReferenceTarget[] targets, int first) {
    ReferenceTarget[] masked = targets.clone();
    for (int i = 0; i < first; i++) {
      masked[i] =
          new ReferenceTarget(
              targets[i].probabilities(), targets[i].ids(), ReferenceTarget.IGNORED);
    }
    return masked;
  }

  private void check(RunSpec.Objective objective) {
    try (Decoder decoder = TestDecoders.of(model);
        Objective head = new Objective(decoder, objective, 4);
        NDManager scope = decoder.manager().newSubManager()) {
      List<Example> examples = taught.stream().map(TestSignals.Taught::example).toList();
      LossSums sums =
          new Backpropagation(decoder, head, TestSpecs.alone(decoder), true)
              .run(examples, 1.0 / COUNTED, true);
      assertThat(sums.positions()).isEqualTo(COUNTED);
      assertThat(sums.divergence() / COUNTED).isCloseTo(loss(objective), within(2e-6));
      requireGradients(
          objective, TestDecoders.values(decoder.config(), TestDecoders.gradients(scope, decoder)));
    }
  }

  private void requireGradients(RunSpec.Objective objective, Map<String, float[]> gradients) {
    gradients.forEach(
        (name, gradient) -> {
          int largest =
              IntStream.range(0, gradient.length)
                  .reduce((a, b) -> Math.abs(gradient[b]) > Math.abs(gradient[a]) ? b : a)
                  .orElseThrow();
          double[] weights = model.weights().get(name);
          assertThat((double) gradient[largest])
              .as(name)
              .isCloseTo(
                  FiniteDifference.derivative(() -> loss(objective), weights, largest),
                  within(2e-5 * Math.abs(gradient[largest])));
        });
  }

  private double loss(RunSpec.Objective objective) {
    ReferenceObjective reference = new ReferenceObjective(objective);
    double sum = 0;
    for (TestSignals.Taught one : taught) {
      int[] inputs = Arrays.copyOf(one.example().tokens(), one.targets().length);
      sum += reference.loss(model.reference().logits(inputs), one.targets(), COUNTED);
    }
    return sum;
  }
}
