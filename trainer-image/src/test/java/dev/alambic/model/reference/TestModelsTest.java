package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.model.ModelFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestModelsTest {

  @Test
  void theSameSeedGivesTheSameModel() {
    assertThat(TestModels.tiny(1).weights().get("model.norm.weight"))
        .isEqualTo(TestModels.tiny(1).weights().get("model.norm.weight"))
        .isNotEqualTo(TestModels.tiny(2).weights().get("model.norm.weight"));
  }

  @Test
  void everyWeightSurvivesAFolder(@TempDir Path parent) {
    TestModel model = TestModels.tiny(1);

    model.write(parent.resolve("model"));

    ModelFolder folder = ModelFolder.read(parent.resolve("model"));
    assertThat(folder.decoder()).isEqualTo(model.config());
    assertThat(folder.tensors()).hasSize(2 + 3 * 11);
    model
        .weights()
        .forEach(
            (name, values) -> {
              float[] read = folder.tensors().get(name).toFloats();
              for (int i = 0; i < values.length; i++) {
                assertThat((double) read[i]).isEqualTo(values[i]);
              }
            });
  }
}
