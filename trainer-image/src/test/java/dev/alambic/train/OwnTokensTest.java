package dev.alambic.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.model.reference.ReferenceDivergence;
import dev.alambic.model.reference.ReferenceTarget;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The reverse KL from a student's own draws. Over all words that it might have drawn, weighted by
 * how likely it was to draw them, losses and gradients are those of the whole divergence: no bias.
 */
class OwnTokensTest {
  private static final int VOCABULARY = 9;
  private static final int WIDTH = 4;
  private static final double CAP = 3;
  private static final double STEP = 1e-5;

  private final double[] hidden = normal(WIDTH, 1);
  private final double[][] head =
      IntStream.range(0, VOCABULARY).mapToObj(v -> normal(WIDTH, 10 + v)).toArray(double[][]::new);
  private final double[] teacher = logSoftmax(normal(VOCABULARY, 3));
  private NDManager manager;
  private Program program;

  @BeforeEach
  void load() {
    Torch.start(1);
    manager = Torch.newManager();
    program = Program.load(manager, "objective");
  }

  @AfterEach
  void close() {
    program.close();
    manager.close();
  }

  private double[] student(double[] at) {
    double[] logits =
        Arrays.stream(head).mapToDouble(row -> CAP * Math.tanh(dot(row, at) / CAP)).toArray();
    return logSoftmax(logits);
  }

  private double divergence(double[] at) {
    return ReferenceDivergence.reverseKl(exp(teacher), student(at));
  }

  /** Sums, and the gradient of the hidden state, if this word was drawn. */
  private record Outcome(float[] sums, float[] gradient) {}

  private Outcome drawn(int word, double ratio) {
    double log = student(hidden)[word];
    NDArray rows = manager.create(floats(hidden), new Shape(1, WIDTH));
    rows.setRequiresGradient(true);
    float[] matrix = floats(Arrays.stream(head).flatMapToDouble(Arrays::stream).toArray());
    NDArray weights = manager.create(matrix, new Shape(VOCABULARY, WIDTH));
    NDArray labels = manager.create(new long[] {word});
    NDArray says = manager.create(new float[] {(float) teacher[word]});
    NDArray drew = manager.create(new float[] {(float) (log - Math.log(ratio))});
    NDList loss =
        Torch.withGradients(
            () -> program.callAll(manager, "own", rows, weights, labels, says, drew, CAP, 1.0));
    Torch.backward(loss.get(0), manager.ones(new Shape()));
    return new Outcome(loss.get(1).toFloatArray(), Torch.gradient(manager, rows).toFloatArray());
  }

  @Test
  void theMeanOverAllDrawsIsTheWholeDivergence() {
    double[] probabilities = exp(student(hidden));
    double divergence = 0;
    double entropy = 0;
    double[] gradient = new double[WIDTH];
    for (int word = 0; word < VOCABULARY; word++) {
      Outcome outcome = drawn(word, 1);
      entropy += probabilities[word] * outcome.sums()[0];
      divergence += probabilities[word] * outcome.sums()[1];
      for (int i = 0; i < WIDTH; i++) {
        gradient[i] += probabilities[word] * outcome.gradient()[i];
      }
    }
    assertThat(entropy).isCloseTo(ReferenceDivergence.entropy(probabilities), within(1e-6));
    assertThat(divergence).isCloseTo(divergence(hidden), within(1e-6));
    for (int i = 0; i < WIDTH; i++) {
      assertThat(gradient[i]).isCloseTo(derivative(i), within(1e-6));
    }
  }

  private double derivative(int i) {
    double[] up = hidden.clone();
    double[] down = hidden.clone();
    up[i] += STEP;
    down[i] -= STEP;
    return (divergence(up) - divergence(down)) / (2 * STEP);
  }

  /** A word that was half as likely when it was drawn counts twice. */
  @Test
  void whatWasDrawnLessOftenCountsMore() {
    Outcome now = drawn(5, 1);
    Outcome then = drawn(5, 2);
    assertThat(then.sums()).isEqualTo(now.sums());
    for (int i = 0; i < WIDTH; i++) {
      assertThat(then.gradient()[i]).isCloseTo(2 * now.gradient()[i], within(1e-5f));
    }
  }

  private static double[] logSoftmax(double[] logits) {
    double[] p = ReferenceTarget.ofLogits(logits, 1, 0).probabilities();
    return Arrays.stream(p).map(Math::log).toArray();
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static double[] normal(int length, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, length).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
