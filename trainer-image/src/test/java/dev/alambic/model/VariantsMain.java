package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What we make of each {@code FOLDER/NAME/theirs} of {@code e2e/parity/variants.py}: {@code
 * ours.json} with parameters and context, or the error, and {@code ours.safetensors} with the
 * logits.
 */
final class VariantsMain {
  private VariantsMain() {}

  public static void main(String... args) throws IOException {
    Torch.start(1);
    List<Path> homes;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      homes = files.sorted().toList();
    }
    for (Path home : homes) {
      Files.writeString(home.resolve("ours.json"), RunJson.write(said(home)));
    }
  }

  private static Map<String, Object> said(Path home) throws IOException {
    try {
      ModelFolder model = ModelFolder.read(home.resolve("theirs"));
      int[] tokens =
          Files.readAllLines(home.resolve("tokens.txt")).stream()
              .mapToInt(Integer::parseInt)
              .toArray();
      SafetensorsWriter.write(home.resolve("ours.safetensors"), List.of(logits(model, tokens)));
      return Map.of(
          "parameters",
          model.decoder().parameters(),
          "context",
          model.decoder().positions().contextLength());
    } catch (RunException e) {
      return Map.of("error", e.getMessage());
    }
  }

  private static Tensor logits(ModelFolder model, int[] tokens) {
    DecoderConfig config = model.decoder();
    try (Decoder decoder = Decoder.frozen(Torch.newManager(), model, Precision.FP32);
        NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, List.of(tokens), tokens.length);
      NDArray hidden = decoder.hidden(scope, ids).reshape(tokens.length, config.hiddenSize());
      float[] logits = decoder.logits(scope, hidden).toFloatArray();
      TensorShape shape = TensorShape.of(tokens.length, config.vocabulary().size());
      return Tensor.ofFloats("fp32", DType.F32, shape, logits);
    }
  }
}
