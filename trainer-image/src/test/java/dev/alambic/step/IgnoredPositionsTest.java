package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A position whose label is -1 doesn't count: losses and gradients of the objective's TorchScript
 * are those of the other positions alone.
 */
class IgnoredPositionsTest {
  private static final int VALID = 4;
  private static final int ALL = 6;
  private static final int HIDDEN = 5;
  private static final int VOCABULARY = 7;
  private static final double CAP = 3;
  private static final double LABEL_WEIGHT = 0.3;
  private static final double SCALE = 0.25;

  private final float[] hidden = normal(ALL * HIDDEN, 1);
  private final float[] teacher = new float[ALL * VOCABULARY];
  private NDManager manager;
  private Program program;
  private NDArray embedding;

  @BeforeEach
  void load() {
    Torch.start(1);
    manager = Torch.newManager();
    program = Program.load(manager, "objective");
    embedding = manager.create(normal(VOCABULARY * HIDDEN, 2), new Shape(VOCABULARY, HIDDEN));
    Arrays.fill(teacher, (float) -Math.log(VOCABULARY));
  }

  @AfterEach
  void close() {
    program.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fused", "sampled", "dense"})
  void onlyTheOthersCount(String method) {
    Outcome expected = run(method, VALID);
    Outcome actual = run(method, ALL);

    assertThat(actual.sums()).containsExactly(expected.sums(), within(1e-5f));
    assertThat(actual.embedding()).containsExactly(expected.embedding(), within(1e-6f));
    assertThat(Arrays.copyOf(actual.hidden(), VALID * HIDDEN))
        .containsExactly(expected.hidden(), within(1e-6f));
    for (int i = VALID * HIDDEN; i < ALL * HIDDEN; i++) {
      assertThat(actual.hidden()[i]).isZero();
    }
  }

  private record Outcome(float[] sums, float[] hidden, float[] embedding) {}

  /** The first {@code n} of four positions that count and two that don't. */
  private Outcome run(String method, int n) {
    NDArray rows = manager.create(Arrays.copyOf(hidden, n * HIDDEN), new Shape(n, HIDDEN));
    NDArray labels = manager.create(Arrays.copyOf(new long[] {3, 0, 6, 3, -1, -1}, n));
    if (method.equals("fused")) {
      NDArray gradient = manager.zeros(embedding.getShape());
      NDArray ids = ids(n);
      NDArray weights = weights(n);
      NDArray entropy = manager.ones(new Shape(n));
      NDList result =
          program.callAll(
              manager,
              method,
              rows,
              embedding,
              gradient,
              labels,
              ids,
              weights,
              entropy,
              CAP,
              LABEL_WEIGHT,
              SCALE);
      return new Outcome(
          result.get(1).toFloatArray(), result.get(0).toFloatArray(), gradient.toFloatArray());
    }
    rows.setRequiresGradient(true);
    Torch.requireGradient(embedding);
    NDList result = Torch.withGradients(() -> loss(method, rows, labels, n));
    Torch.backward(result.get(0), manager.ones(new Shape()));
    return new Outcome(
        result.get(1).toFloatArray(),
        Torch.gradient(manager, rows).toFloatArray(),
        Torch.gradient(manager, embedding).toFloatArray());
  }

  private NDList loss(String method, NDArray rows, NDArray labels, int n) {
    if (method.equals("dense")) {
      NDArray teachers =
          manager.create(Arrays.copyOf(teacher, n * VOCABULARY), new Shape(n, VOCABULARY));
      return program.callAll(
          manager,
          method,
          rows,
          embedding,
          labels,
          teachers,
          CAP,
          2.0,
          LABEL_WEIGHT,
          2,
          0.5,
          SCALE);
    }
    return program.callAll(
        manager,
        method,
        rows,
        embedding,
        labels,
        ids(n),
        weights(n),
        manager.ones(new Shape(n)),
        CAP,
        2.0,
        LABEL_WEIGHT,
        SCALE);
  }

  private NDArray ids(int n) {
    long[] ids = {0, 2, 1, 5, 3, 4, 2, 6, 0, 1, 4, 6};
    return manager.create(Arrays.copyOf(ids, n * 2), new Shape(n, 2));
  }

  private NDArray weights(int n) {
    float[] weights = new float[n * 2];
    for (int i = 0; i < n; i++) {
      weights[2 * i] = 0.25f;
      weights[2 * i + 1] = 0.75f;
    }
    return manager.create(weights, new Shape(n, 2));
  }

  private static float[] normal(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
