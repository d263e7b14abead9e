package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.model.DType;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model for tests.
 *
 * @param weights row-major by Hugging Face's name; each is exactly a float, so that engine and
 *     reference have the same
 */
public record TestModel(DecoderConfig config, Map<String, double[]> weights) {

  public ReferenceDecoder reference() {
    return new ReferenceDecoder(config, weights);
  }

  /** The weights of one tensor as floats. */
  public float[] floats(String name) {
    double[] values = weights.get(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** All tensors, as a model folder has them. */
  public List<Tensor> tensors(DType dtype) {
    List<Tensor> tensors = new ArrayList<>();
    TensorNames.expected(config)
        .forEach((name, shape) -> tensors.add(Tensor.ofFloats(name, dtype, shape, floats(name))));
    return tensors;
  }

  /** Writes a Hugging Face folder in float32, without a tokenizer. */
  public void write(Path folder) {
    ModelFolderWriter.write(
        folder, config, SpecialTokens.NONE, tensors(DType.F32), Optional.empty());
  }
}
