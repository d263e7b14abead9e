package dev.alambic.bench.fuzz;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.GenerationConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.RunException;
import dev.alambic.model.DType;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.SafetensorsFile;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TensorShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of a Hugging Face model folder, but its tokenizer's. */
final class ModelTargets {
  private static final DecoderConfig TINY =
      DecoderConfig.gemma2(61, 8, 2, 2, 1, 4, 12, 5, 16, 1e4, 1e-6, 50, 30, 4);
  private static final List<String> JSON = Seeds.json("\"model_type\":");
  private static final List<String> TENSORS =
      Seeds.json(
          "\"dtype\":\"F32\"¦\"BF16\"¦\"F64\"¦\"shape\":[¦\"data_offsets\":[0,0]¦\"__metadata__\":{"
              + "¦9223372036854775807¦4294967296");

  private ModelTargets() {}

  static List<Target> of(Path folder) throws IOException {
    Path sharded = folder.resolve("sharded");
    write(sharded, 600);
    Path whole = folder.resolve("whole");
    write(whole, Long.MAX_VALUE);
    Path weights = whole.resolve("model.safetensors");
    Path index = sharded.resolve("model.safetensors.index.json");
    Path generation = whole.resolve(GenerationConfig.FILE_NAME);
    HuggingFaceConfig config = HuggingFaceConfig.read(whole.resolve("config.json"));
    byte[] gemma = Files.readAllBytes(whole.resolve("config.json"));
    return List.of(
        Target.of(
            "config.json",
            List.of(gemma, Seeds.resource("llama-config.json")),
            JSON,
            RunException.class,
            in -> HuggingFaceConfig.parse("config.json", utf8(in))),
        Target.of(
            "generation_config.json",
            List.of(Seeds.text("{\"bos_token_id\": 2, \"eos_token_id\": [1, 7], \"pad\": null}")),
            JSON,
            RunException.class,
            in -> {
              Files.write(generation, in);
              GenerationConfig.specialTokens(whole, config);
            }),
        Target.of(
            "safetensors",
            List.of(Files.readAllBytes(weights)),
            TENSORS,
            RunException.class,
            in -> {
              Path file = folder.resolve("fuzzed.safetensors");
              Files.write(file, in);
              SafetensorsFile.read(file);
            }),
        Target.of(
            "safetensors index",
            List.of(Files.readAllBytes(index)),
            JSON,
            RunException.class,
            in -> {
              Files.write(index, in);
              ModelFolder.read(sharded);
            }));
  }

  private static void write(Path folder, long largestFile) {
    HuggingFaceConfig config = new HuggingFaceConfig(TINY, "float32", SpecialTokens.NONE);
    ModelFolderWriter.write(folder, config, zeros(), Optional.empty(), largestFile);
  }

  private static List<Tensor> zeros() {
    return TensorNames.expected(TINY).entrySet().stream()
        .map(e -> Tensor.ofFloats(e.getKey(), DType.F32, e.getValue(), none(e.getValue())))
        .toList();
  }

  private static float[] none(TensorShape shape) {
    return new float[(int) shape.elements()];
  }

  private static String utf8(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }
}
