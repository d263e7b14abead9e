package dev.alambic.model;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights that a student starts from, and which of their layers it takes.
 *
 * @param folder the Hugging Face folder
 * @param source its shape
 * @param layers the layers that are taken, counted from 0, ascending
 */
public record StartingPoint(Path folder, DecoderConfig source, List<Integer> layers) {
  private static final String LAYERS = "model.layers.";

  public StartingPoint {
    layers = List.copyOf(layers);
  }

  /**
   * Reads the folder's shape and cuts it as the job asks.
   *
   * @throws RunException if the folder cannot be read, or the job asks for a shape that it does not
   *     have; the message names file and field
   */
  public static StartingPoint of(RunSpec.InitFrom initFrom) {
    Path folder = Path.of(initFrom.path());
    Path file = folder.resolve(HuggingFaceConfig.FILE_NAME);
    DecoderConfig source = HuggingFaceConfig.read(file).decoder();
    AskedShape asked = initFrom.asked();
    List<String> conflicts = asked.conflicts(source);
    if (!conflicts.isEmpty()) {
      throw new RunException(
          ExitCode.DATA,
          "spec.student.architecture.%s (%s)".formatted(String.join("; ", conflicts), file));
    }
    return new StartingPoint(folder, source, asked.layersOf(source));
  }

  /** The student's shape. */
  public DecoderConfig shape() {
    return source.keeping(layers);
  }

  /**
   * Loads the student's parameters; layers that are not taken are not read.
   *
   * @param keeper takes them over
   * @throws RunException as {@link ModelFolder#read}
   */
  public DecoderParameters load(NDManager manager, TensorKeeper keeper) {
    Map<String, Tensor> tensors = taken(ModelFolder.read(folder).tensors());
    return DecoderWeights.load(manager, shape(), Precision.FP32, tensors, keeper);
  }

  private Map<String, Tensor> taken(Map<String, Tensor> tensors) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String renamed = renamed(name);
          if (renamed != null) {
            taken.put(
                renamed, new Tensor(renamed, tensor.dtype(), tensor.shape(), tensor.slices()));
          }
        });
    return taken;
  }

  /** The student's name for a tensor; null if it takes none of it. */
  private String renamed(String name) {
    if (!name.startsWith(LAYERS)) {
      return name;
    }
    int end = name.indexOf('.', LAYERS.length());
    int place = layers.indexOf(Integer.valueOf(name.substring(LAYERS.length(), end)));
    return place < 0 ? null : LAYERS + place + name.substring(end);
  }
}
