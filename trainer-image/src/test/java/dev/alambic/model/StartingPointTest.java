package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingPointTest {
  private static final List<Integer> FIVE_OF_NINE = List.of(0, 2, 4, 6, 8);

  private final DecoderConfig source = nineLayers();
  private final TestModel model = TestModels.random(source, 5);

  @TempDir Path folder;

  private static DecoderConfig nineLayers() {
    DecoderConfig tiny = TestModels.TINY;
    return DecoderConfig.gemma2(
        tiny.vocabulary().size(), 12, 9, 2, 1, 4, 16, 5, 32, 100, 1e-3, 4, 6, 7);
  }

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @BeforeEach
  void write() {
    model.write(folder);
  }

  @Test
  void aWholeModelLoadsAsItIs() {
    StartingPoint start = StartingPoint.of(new RunSpec.InitFrom(folder.toString(), AskedShape.ANY));
    assertThat(start.shape()).isEqualTo(source);
    values(start)
        .forEach((name, value) -> assertThat(value).as(name).containsExactly(model.floats(name)));
  }

  @Test
  void fewerLayersAreEvenlySpacedOnes() {
    StartingPoint start = StartingPoint.of(new RunSpec.InitFrom(folder.toString(), layers(5)));
    assertThat(start.layers()).isEqualTo(FIVE_OF_NINE);
    assertThat(start.shape()).isEqualTo(source.keeping(FIVE_OF_NINE));
    Map<String, float[]> values = values(start);
    assertThat(values).hasSize(2 + 5 * 11);
    assertThat(values.get(TensorNames.EMBEDDING))
        .containsExactly(model.floats(TensorNames.EMBEDDING));
    assertThat(values.get(TensorNames.FINAL_NORM))
        .containsExactly(model.floats(TensorNames.FINAL_NORM));
    for (int layer = 0; layer < 5; layer++) {
      for (LayerLayout.Slice slice : new LayerLayout(source).slices()) {
        assertThat(values.get(TensorNames.layer(layer, slice.suffix())))
            .as("layer %d %s", layer, slice.suffix())
            .containsExactly(
                model.floats(TensorNames.layer(FIVE_OF_NINE.get(layer), slice.suffix())));
      }
    }
  }

  @Test
  void anotherShapeThanTheFoldersIsRefusedByName() {
    AskedShape asked = new AskedShape(64, 20, null, null, null, null, null, null, null);
    assertThatThrownBy(() -> StartingPoint.of(new RunSpec.InitFrom(folder.toString(), asked)))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "spec.student.architecture.hiddenSize: 64, but the weights have 12; only layers may"
                + " differ; layers: 20, but the weights have only 9 (%s)",
            folder.resolve("config.json"))
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  private static AskedShape layers(int layers) {
    return new AskedShape(null, layers, null, null, null, null, null, null, null);
  }

  private static Map<String, float[]> values(StartingPoint start) {
    try (NDManager manager = Torch.newManager()) {
      return TestDecoders.values(start.shape(), start.load(manager, TensorKeeper.NONE));
    }
  }
}
