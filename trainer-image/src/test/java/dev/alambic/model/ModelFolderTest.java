package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.decoder.GenerationConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.model.reference.TestModel;
import dev.alambic.model.reference.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {

  private final TestModel model = TestModels.tiny(1);
  private final HuggingFaceConfig config =
      new HuggingFaceConfig(model.config(), "float32", new SpecialTokens(2, List.of(1), 0));

  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void place() {
    folder = parent.resolve("student");
  }

  @Test
  void writesOneFileWhereItFits() throws IOException {
    write(config, 1 << 20);

    assertThat(names(folder))
        .containsExactly("config.json", "generation_config.json", "model.safetensors");
    assertThat(names(parent)).containsExactly("student");
    assertThat(ModelFolder.read(folder).config()).isEqualTo(config);
    assertThatTensorsAreRead();
  }

  @Test
  void writesAnIndexWhereItDoesNot() throws IOException {
    write(config, 16_000);

    assertThat(names(folder))
        .containsExactly(
            "config.json",
            "generation_config.json",
            "model-00001-of-00005.safetensors",
            "model-00002-of-00005.safetensors",
            "model-00003-of-00005.safetensors",
            "model-00004-of-00005.safetensors",
            "model-00005-of-00005.safetensors",
            "model.safetensors.index.json");
    assertThat(folder.resolve("model.safetensors.index.json"))
        .content()
        .contains("\"total_size\" : " + 4 * model.config().parameters());
    for (String name : names(folder)) {
      assertThat(Files.size(folder.resolve(name))).isLessThan(16_000 + 3_000);
    }
    assertThatTensorsAreRead();
  }

  private void assertThatTensorsAreRead() {
    Map<String, Tensor> tensors = ModelFolder.read(folder).tensors();
    assertThat(tensors.keySet()).isEqualTo(model.weights().keySet());
    for (String name : tensors.keySet()) {
      assertThat(tensors.get(name).toFloats()).containsExactly(model.floats(name));
    }
  }

  @Test
  void carriesOverTheTokenizerAndItsTokens() throws IOException {
    Path teacher = parent.resolve("teacher");
    write(teacher, config, 1 << 20);
    Files.writeString(teacher.resolve("tokenizer.json"), "{}");
    Files.writeString(teacher.resolve("generation_config.json"), "{\"x\": 1}");
    Files.writeString(teacher.resolve("README.md"), "not carried over");

    ModelFolderWriter.write(
        folder,
        model.config(),
        config.specialTokens(),
        model.tensors(DType.BF16),
        Optional.of(teacher));

    assertThat(names(folder))
        .containsExactly(
            "config.json", "generation_config.json", "model.safetensors", "tokenizer.json");
    assertThat(folder.resolve("generation_config.json")).hasContent("{\"x\": 1}");
    HuggingFaceConfig written = ModelFolder.read(folder).config();
    assertThat(written.dtype()).isEqualTo("bfloat16");
    assertThat(written.specialTokens()).isEqualTo(config.specialTokens());
  }

  @Test
  void writesItsOwnGenerationConfigWhereTheSourceHasNone() {
    write(config, 1 << 20);

    assertThat(folder.resolve("generation_config.json"))
        .content()
        .isEqualToIgnoringWhitespace(
            "{\"bos_token_id\": 2, \"eos_token_id\": 1, \"pad_token_id\": 0}");
    assertThat(GenerationConfig.specialTokens(folder, config)).isEqualTo(config.specialTokens());
  }

  @Test
  void replacesAModelWholly() throws IOException {
    write(config, 16_000);
    write(config, 1 << 20);

    assertThat(names(folder))
        .containsExactly("config.json", "generation_config.json", "model.safetensors");
    assertThat(names(parent)).containsExactly("student");
  }

  @Test
  void leavesAFolderWithAnythingElseAlone() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("thesis.tex"), "years of work");

    assertThatThrownBy(() -> write(config, 1 << 20))
        .isInstanceOf(RunException.class)
        .hasMessage(
            folder
                + ": holds thesis.tex, which is not part of a model; choose another folder or"
                + " remove it");
    assertThat(names(folder)).containsExactly("thesis.tex");
  }

  @Test
  void aFailedWriteLeavesTheOldModel() throws IOException {
    write(config, 1 << 20);
    List<Tensor> tensors = new ArrayList<>(model.tensors(DType.F32));
    Tensor last = tensors.remove(tensors.size() - 1);
    tensors.add(
        new Tensor(
            last.name(),
            last.dtype(),
            last.shape(),
            () -> {
              throw new IllegalStateException("device lost");
            }));

    assertThatThrownBy(
            () -> ModelFolderWriter.write(folder, config, tensors, Optional.empty(), 1 << 20))
        .hasMessage("device lost");
    assertThat(names(parent)).containsExactly("student");
    assertThatTensorsAreRead();
  }

  @Test
  void refusesToWriteWhatDoesNotFit() {
    List<Tensor> tensors = model.tensors(DType.F32);

    assertThatThrownBy(
            () ->
                ModelFolderWriter.write(
                    folder, config, tensors.subList(1, tensors.size()), Optional.empty(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor model.embed_tokens.weight: is missing; expected [61, 24]");
    assertThatThrownBy(
            () ->
                ModelFolderWriter.write(
                    folder, config, model.tensors(DType.F16), Optional.empty(), 1))
        .hasMessage("tensor model.embed_tokens.weight: is F16, not float32");
  }

  @Test
  void namesAMissingASurplusAndAMisshapenTensor() throws IOException {
    write(config, 1 << 20);
    List<Tensor> tensors = new ArrayList<>(model.tensors(DType.F32));
    tensors.remove(tensors.size() - 1);
    rewrite(tensors);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .isInstanceOf(RunException.class)
        .hasMessage(folder + ": tensor model.norm.weight: is missing; expected [24]");

    tensors.add(Tensor.ofFloats("model.norm.weight", DType.F32, TensorShape.of(3), new float[3]));
    rewrite(tensors);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessage(folder + ": tensor model.norm.weight: has shape [3]; expected [24]");

    tensors.add(Tensor.ofFloats("lm_head.weight", DType.F32, TensorShape.of(1), new float[1]));
    rewrite(tensors);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageEndingWith("(and 1 more such tensors)");
    tensors.remove(tensors.size() - 2);
    tensors.add(Tensor.ofFloats("model.norm.weight", DType.F32, TensorShape.of(24), new float[24]));
    rewrite(tensors);
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessage(folder + ": tensor lm_head.weight: is not part of such a model");

    tensors.removeIf(tensor -> tensor.name().equals("lm_head.weight"));
    Tensor embedding = tensors.get(0);
    tensors.add(new Tensor("lm_head.weight", DType.F32, embedding.shape(), embedding.slices()));
    rewrite(tensors);
    assertThat(ModelFolder.read(folder).decoder().vocabulary().tied())
        .as("a copy of it is spare")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.safetensors",
        "/etc/x.safetensors",
        "a/b.safetensors",
        "..safetensors",
        "a\\\\b.safetensors",
        "model.bin",
        "a\\u0000.safetensors"
      })
  void anIndexStaysInItsFolder(String shard) throws IOException {
    write(config, 1 << 20);
    Files.delete(folder.resolve("model.safetensors"));
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\": {\"a\": \"" + shard + "\"}}");

    assertThatThrownBy(() -> ModelFolder.read(folder))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(index + ": weight_map: a tensor's file must be the plain name");
  }

  @Test
  void anIndexThatContradictsItsFilesIsRefused() throws IOException {
    write(config, 16_000);
    Path index = folder.resolve("model.safetensors.index.json");
    String json = Files.readString(index);
    Files.writeString(
        index,
        json.replace(
            "\"model.norm.weight\" : \"model-00005", "\"model.norm.weight\" : \"model-00001"));

    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageContaining(
            "model-00005-of-00005.safetensors: tensor model.norm.weight: the index says it is in"
                + " model-00001-of-00005.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{", "{}", "{\"weight_map\": {}}", "{\"weight_map\": 3}", "{}{}"})
  void aBrokenIndexIsRefused(String json) throws IOException {
    write(config, 1 << 20);
    Files.delete(folder.resolve("model.safetensors"));
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(index, json);

    assertThatThrownBy(() -> ModelFolder.read(folder))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(index + ": ");
  }

  /** Whatever an index says: the model, or the one exception. */
  @Test
  void aMutatedIndexNeverFailsInAnotherWay() throws IOException {
    write(config, 16_000);
    Path index = folder.resolve("model.safetensors.index.json");
    String good = Files.readString(index);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      StringBuilder json = new StringBuilder(good);
      int at = random.nextInt(json.length());
      switch (random.nextInt(3)) {
        case 0 -> json.setCharAt(at, (char) random.nextInt(300));
        case 1 -> json.insert(at, "[{\"0,]}:/.".charAt(random.nextInt(10)));
        default -> json.delete(at, Math.min(json.length(), at + 1 + random.nextInt(40)));
      }
      Files.writeString(index, json);
      try {
        ModelFolder.read(folder);
      } catch (RunException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith(folder.toString())
            .doesNotContainPattern("\\p{C}")
            .hasSizeLessThan(600);
      }
    }
    assertThat(refused).isBetween(100, 200);
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessage(folder + ": no such folder")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.NO_INPUT);

    write(config, 1 << 20);
    Files.delete(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .hasMessageContaining("has neither model.safetensors nor model.safetensors.index.json");
  }

  private void rewrite(List<Tensor> tensors) throws IOException {
    SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);
  }

  private void write(HuggingFaceConfig config, long largestFile) {
    write(folder, config, largestFile);
  }

  private void write(Path folder, HuggingFaceConfig config, long largestFile) {
    ModelFolderWriter.write(
        folder, config, model.tensors(DType.F32), Optional.empty(), largestFile);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
