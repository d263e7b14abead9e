package dev.alambic.model;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.reference.TestModel;
import dev.alambic.torch.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The engine's decoders with a test model's weights, and their parameters by name. */
public final class TestDecoders {

  private TestDecoders() {}

  public static Decoder of(TestModel model) {
    return of(model.config(), byName(model.tensors(DType.F32)), Precision.FP32);
  }

  static Decoder of(DecoderConfig config, Map<String, Tensor> tensors, Precision precision) {
    NDManager manager = Torch.newManager();
    return new Decoder(
        manager, config, DecoderWeights.load(manager, config, Precision.FP32, tensors), precision);
  }

  /** The gradients that the leaves have gathered, laid out as the parameters are. */
  public static DecoderParameters gradients(NDManager scope, Decoder decoder) {
    return decoder.parameters().map(tensor -> Torch.gradient(scope, tensor));
  }

  /** A copy of parameters, or of anything laid out like them, by Hugging Face's names. */
  public static Map<String, float[]> values(DecoderConfig config, DecoderParameters parameters) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Tensor tensor : DecoderWeights.tensors(config, parameters)) {
      values.put(tensor.name(), tensor.toFloats());
    }
    return values;
  }

  static Map<String, Tensor> byName(List<Tensor> tensors) {
    return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
  }
}
