package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine's logits are those of the reference, a plain Java decoder in double precision. The
 * error is the Euclidean norm of the difference in parts of that of the logits.
 */
class DecoderTest {

  /** Seen: 6e-7 at most. */
  private static final double FP32 = 3e-6;

  /** Seen: 3e-2 at most (Qwen 2), 6e-3 in a single layer. bfloat16 rounds to one part in 256. */
  private static final double BF16 = 4e-2;

  private static final int LONGER_THAN_A_BLOCK = 530;

  @TempDir private Path folder;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  static Stream<Named<DecoderConfig>> shapes() {
    return Stream.of(
        Named.of("three layers, two queries a key", TestModels.TINY),
        Named.of("one layer, four queries a key", shape(1, 4, 1, 5, 4, 6)),
        Named.of("as many keys as queries", shape(2, 3, 3, 5, 4, 6)),
        Named.of("attention uncapped", shape(2, 4, 2, 5, 0, 6)),
        Named.of("logits uncapped", shape(2, 4, 2, 5, 4, 0)),
        Named.of("no caps, five layers", shape(5, 4, 2, 5, 0, 0)),
        Named.of("a window of one", shape(2, 4, 2, 1, 4, 6)),
        Named.of("a window longer than the text", shape(2, 4, 2, 4096, 4, 6)));
  }

  private static DecoderConfig shape(
      int layers, int heads, int keyValueHeads, int window, double attentionCap, double finalCap) {
    return DecoderConfig.gemma2(
        37,
        20,
        layers,
        heads,
        keyValueHeads,
        6,
        28,
        window,
        1024,
        100,
        1e-3,
        attentionCap,
        finalCap,
        7);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void logitsAreTheReferences(DecoderConfig config) {
    assertThat(relativeError(config, Precision.FP32, 3, 13)).isLessThan(FP32);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void halfPrecisionComesClose(DecoderConfig config) {
    assertThat(relativeError(config, Precision.BF16, 2, 13)).isLessThan(BF16);
  }

  @ParameterizedTest
  @EnumSource
  void everyFamilysLogitsAreTheReferences(Family family) {
    assertThat(relativeError(TestModels.family(family), Precision.FP32, 2, 21)).isLessThan(FP32);
    assertThat(relativeError(TestModels.family(family), Precision.BF16, 2, 21)).isLessThan(BF16);
  }

  /** Positions beyond a block and a window, where scaled frequencies tell. */
  @ParameterizedTest
  @EnumSource(names = {"Gemma3", "Llama", "Qwen2"})
  void everyKindOfPositionHoldsFarOut(Family family) {
    DecoderConfig config = TestModels.family(family, 70, 2);
    assertThat(relativeError(config, Precision.FP32, 1, LONGER_THAN_A_BLOCK)).isLessThan(FP32);
  }

  /** A frozen model's weights are rounded once, to what it computes in: the same bits come out. */
  @Test
  void weightsHeldInHalfPrecisionScoreTheSame() {
    TestModel model = TestModels.random(TestModels.TINY, 11);
    Path path = folder.resolve("model");
    Map<String, Tensor> stored = new LinkedHashMap<>();
    model.tensors(DType.BF16).forEach(tensor -> stored.put(tensor.name(), tensor));
    ModelFolderWriter.write(
        path, model.config(), SpecialTokens.NONE, List.copyOf(stored.values()), Optional.empty());
    List<int[]> tokens = List.of(TestModels.tokens(model.config(), 13, 1));
    try (Decoder master = TestDecoders.of(model.config(), stored, Precision.BF16);
        Decoder frozen =
            Decoder.frozen(Torch.newManager(), ModelFolder.read(path), Precision.BF16)) {
      assertThat(logits(frozen, tokens)).isEqualTo(logits(master, tokens));
    }
  }

  /** Beyond 512 positions attention goes by blocks of queries, and a window cuts their keys. */
  @Test
  void queriesInBlocksSeeTheSame() {
    DecoderConfig windowWithinABlock = shape(2, 2, 1, 70, 4, 6);
    assertThat(relativeError(windowWithinABlock, Precision.FP32, 2, LONGER_THAN_A_BLOCK))
        .isLessThan(FP32);
    DecoderConfig windowAcrossBlocks = shape(2, 2, 2, 520, 0, 6);
    assertThat(relativeError(windowAcrossBlocks, Precision.FP32, 1, LONGER_THAN_A_BLOCK))
        .isLessThan(FP32);
  }

  /** One decoder serves batches of any shape, and a sequence scores the same in each. */
  @Test
  void theLengthMayChangeFromCallToCall() {
    TestModel model = TestModels.tiny(1);
    int[] tokens = TestModels.tokens(model.config(), 20, 2);
    try (Decoder decoder = TestDecoders.of(model)) {
      double[] first = logits(decoder, List.of(Arrays.copyOf(tokens, 9)));
      double[] longer = logits(decoder, List.of(tokens));
      double[] again = logits(decoder, List.of(Arrays.copyOf(tokens, 9)));

      assertThat(again).isEqualTo(first);
      assertThat(Arrays.copyOf(longer, first.length)).containsExactly(first, within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void savedWeightsLoadWithTheSameBits(Family family) {
    TestModel model = TestModels.random(TestModels.family(family), 3);
    DecoderConfig config = model.config();
    try (Decoder written = TestDecoders.of(model)) {
      List<Tensor> tensors = DecoderWeights.tensors(config, written.parameters());
      ModelFolderWriter.write(
          folder.resolve("saved"), config, SpecialTokens.NONE, tensors, Optional.empty());
    }
    try (Decoder read = fromFolder(folder.resolve("saved"), Precision.FP32)) {
      var values = TestDecoders.values(config, read.parameters());

      assertThat(read.config()).isEqualTo(config);
      assertThat(values).containsOnlyKeys(model.weights().keySet());
      values.forEach(
          (name, value) -> assertThat(value).as(name).containsExactly(model.floats(name)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomWeightsBeginAtTheIdentity(Family family) {
    DecoderConfig config = TestModels.family(family);
    try (NDManager manager = Torch.newManager()) {
      var values = TestDecoders.values(config, DecoderParameters.random(manager, config, 1));

      float gain = config.family().has(Family.Trait.NORMS_AROUND_IDENTITY) ? 0 : 1;
      values.forEach(
          (name, value) -> {
            if (name.endsWith("norm.weight")) {
              assertThat(value).as(name).containsOnly(gain);
            } else if (name.endsWith(".bias")) {
              assertThat(value).as(name).containsOnly(0);
            } else {
              double inputs = TensorNames.expected(config).get(name).dimensions().get(1);
              double square = 0;
              for (float v : value) {
                square += v * v;
              }
              assertThat(square / value.length * inputs).as(name).isBetween(0.7, 1.4);
            }
          });
    }
  }

  private double relativeError(DecoderConfig config, Precision precision, int batch, int length) {
    TestModel model = TestModels.random(config, 11);
    model.write(folder.resolve("model"));
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      sequences.add(TestModels.tokens(config, length, i));
    }
    double[] expected =
        sequences.stream()
            .flatMap(tokens -> Arrays.stream(model.reference().logits(tokens)))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    try (Decoder decoder = fromFolder(folder.resolve("model"), precision)) {
      return relativeError(logits(decoder, sequences), expected);
    }
  }

  private static double relativeError(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.hypot(difference, actual[i] - expected[i]);
      size = Math.hypot(size, expected[i]);
    }
    return difference / size;
  }

  private static Decoder fromFolder(Path path, Precision precision) {
    ModelFolder model = ModelFolder.read(path);
    return TestDecoders.of(model.decoder(), model.tensors(), precision);
  }

  /** {@code [batch * length * vocabulary]}. */
  private static double[] logits(Decoder decoder, List<int[]> sequences) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, sequences, sequences.get(0).length);
      NDArray hidden = decoder.hidden(scope, ids);
      float[] logits =
          decoder.logits(scope, hidden.reshape(-1, decoder.config().hiddenSize())).toFloatArray();
      double[] wide = new double[logits.length];
      Arrays.setAll(wide, i -> logits[i]);
      return wide;
    }
  }
}
