package dev.alambic.model;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Hugging Face model folder, read: its configuration and its mapped weights, which fit each
 * other.
 *
 * @param config from {@code config.json}
 * @param tensors every tensor of the model by its name, and no other
 */
public record ModelFolder(HuggingFaceConfig config, Map<String, Tensor> tensors) {

  static final String WEIGHTS = "model.safetensors";

  public ModelFolder {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** The model's shape. */
  public DecoderConfig decoder() {
    return config.decoder();
  }

  /**
   * Reads {@code config.json} and maps {@code model.safetensors}, or the files of {@code
   * model.safetensors.index.json}.
   *
   * @throws RunException if anything is missing, malformed, unsupported, or doesn't fit; the
   *     message names the file and the field or tensor
   */
  public static ModelFolder read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new RunException(ExitCode.NO_INPUT, folder + ": no such folder");
    }
    HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE_NAME));
    Map<String, Tensor> tensors = TensorNames.usual(config.decoder(), tensors(folder));
    List<String> mismatches = TensorNames.mismatches(config.decoder(), tensors);
    if (!mismatches.isEmpty()) {
      throw new RunException(ExitCode.DATA, folder + ": " + firstOf(mismatches));
    }
    return new ModelFolder(config, tensors);
  }

  static String firstOf(List<String> mismatches) {
    int more = mismatches.size() - 1;
    return mismatches.get(0) + (more == 0 ? "" : " (and " + more + " more such tensors)");
  }

  private static Map<String, Tensor> tensors(Path folder) {
    // transformers prefers the single file too.
    if (Files.exists(folder.resolve(WEIGHTS))) {
      return SafetensorsFile.read(folder.resolve(WEIGHTS));
    }
    Path index = folder.resolve(ShardIndex.FILE_NAME);
    if (Files.exists(index)) {
      return shards(folder, index);
    }
    throw new RunException(
        ExitCode.NO_INPUT,
        folder
            + ": has neither "
            + WEIGHTS
            + " nor "
            + ShardIndex.FILE_NAME
            + "; weights in other formats are not read");
  }

  private static Map<String, Tensor> shards(Path folder, Path indexFile) {
    ShardIndex index = ShardIndex.read(indexFile);
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (String name : index.files()) {
      SafetensorsFile.read(folder.resolve(name))
          .forEach(
              (tensor, value) -> {
                if (!name.equals(index.fileOf().get(tensor))) {
                  throw new RunException(
                      ExitCode.DATA,
                      folder.resolve(name)
                          + ": tensor "
                          + tensor
                          + ": the index says it is in "
                          + index.fileOf().getOrDefault(tensor, "no file"));
                }
                all.put(tensor, value);
              });
    }
    return all;
  }
}
