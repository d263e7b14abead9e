package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TensorShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Small models with random weights, the same for the same seed. */
public final class TestModels {

  /**
   * Every size differs from every other, so that a mix-up shows; the caps are low, the rotary base
   * small and the norm's epsilon large enough that leaving any of them out shows too.
   */
  public static final DecoderConfig TINY =
      DecoderConfig.gemma2(61, 24, 3, 4, 2, 8, 40, 5, 32, 100, 1e-3, 4, 6, 7);

  private TestModels() {}

  public static TestModel tiny(long seed) {
    return random(TINY, seed);
  }

  /** A model of any shape; keep it small, the reference is slow. */
  public static TestModel random(DecoderConfig config, long seed) {
    Random random = new Random(seed);
    Map<String, double[]> weights = new LinkedHashMap<>();
    TensorNames.expected(config)
        .forEach((name, shape) -> weights.put(name, values(name, shape, random)));
    return new TestModel(config, weights);
  }

  /** Token ids, the same for the same seed. */
  public static int[] tokens(DecoderConfig config, int length, long seed) {
    return new Random(seed).ints(length, 0, config.vocabularySize()).toArray();
  }

  private static double[] values(String name, TensorShape shape, Random random) {
    double[] values = new double[Math.toIntExact(shape.elements())];
    double deviation = deviation(name, shape);
    Arrays.setAll(values, i -> (float) (deviation * random.nextGaussian()));
    return values;
  }

  /**
   * Norm weights around zero. Elsewhere a little over one over the square root of the inputs, so
   * that scores and logits reach into the bend of their caps.
   */
  private static double deviation(String name, TensorShape shape) {
    if (shape.dimensions().size() == 1) {
      return 0.3;
    }
    long inputs = shape.dimensions().get(1);
    return (name.equals(TensorNames.EMBEDDING) ? 1.0 : 1.4) / Math.sqrt((double) inputs);
  }
}
