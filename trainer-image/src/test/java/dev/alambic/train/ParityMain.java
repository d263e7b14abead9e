package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.generate.Generation;
import dev.alambic.generate.Sampling;
import dev.alambic.generate.TokenListener;
import dev.alambic.model.DType;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.SafetensorsWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorShape;
import dev.alambic.run.RunSpec;
import dev.alambic.step.Backpropagation;
import dev.alambic.step.Example;
import dev.alambic.step.Objective;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the engine makes of models that transformers wrote, for {@code e2e/parity} to compare. Of
 * each {@code FOLDER/NAME/theirs} with {@code FOLDER/NAME/tokens.txt} it writes {@code
 * FOLDER/NAME/ours}: logits in both precisions, the gradient of the mean cross-entropy, the model
 * in a folder of ours, and how it goes on with two beginnings of the text, together and greedily.
 */
public final class ParityMain {

  /** The first ends within the sliding window, and what follows leaves it; the second beyond. */
  private static final List<Integer> PROMPTS = List.of(60, 200);

  private static final int NEW_TOKENS = 64;

  private final ModelFolder model;
  private final int[] tokens;
  private final Path ours;

  private ParityMain(Path home) throws IOException {
    this.model = ModelFolder.read(home.resolve("theirs"));
    this.tokens =
        Files.readAllLines(home.resolve("tokens.txt")).stream()
            .mapToInt(Integer::parseInt)
            .toArray();
    this.ours = Files.createDirectories(home.resolve("ours"));
  }

  public static void main(String... args) throws IOException {
    Torch.start(1);
    List<Path> homes;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      homes = files.sorted().toList();
    }
    for (Path home : homes) {
      new ParityMain(home).write();
    }
  }

  private void write() throws IOException {
    Tensor fp32;
    try (Decoder decoder = decoder(Precision.FP32)) {
      fp32 = logits("fp32", decoder);
      writeGenerated(decoder);
      writeGradients(decoder);
      List<Tensor> tensors = DecoderWeights.tensors(decoder.config(), decoder.parameters());
      ModelFolderWriter.write(
          ours.resolve("model"),
          decoder.config(),
          model.config().specialTokens(),
          tensors,
          Optional.empty());
    }
    try (Decoder decoder = decoder(Precision.BF16)) {
      List<Tensor> logits = List.of(fp32, logits("bf16", decoder));
      SafetensorsWriter.write(ours.resolve("logits.safetensors"), logits);
    }
  }

  private Decoder decoder(Precision precision) {
    NDManager manager = Torch.newManager();
    DecoderParameters parameters =
        DecoderWeights.load(manager, model.decoder(), Precision.FP32, model.tensors());
    return new Decoder(manager, model.decoder(), parameters, precision);
  }

  private Tensor logits(String name, Decoder decoder) {
    DecoderConfig config = decoder.config();
    int positions = tokens.length - 1;
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, List.of(Arrays.copyOf(tokens, positions)), positions);
      NDArray hidden = decoder.hidden(scope, ids).reshape(positions, config.hiddenSize());
      float[] logits = decoder.logits(scope, hidden).toFloatArray();
      TensorShape shape = TensorShape.of(positions, config.vocabulary().size());
      return Tensor.ofFloats(name, DType.F32, shape, logits);
    }
  }

  /** One line a beginning, of {@link #PROMPTS} tokens: the tokens that follow. */
  private void writeGenerated(Decoder decoder) throws IOException {
    List<int[]> prompts = PROMPTS.stream().map(length -> Arrays.copyOf(tokens, length)).toList();
    List<String> lines =
        new Generation(decoder, Sampling.GREEDY, NEW_TOKENS, Set.of())
            .run(prompts, TokenListener.NONE).stream()
                .map(generated -> Arrays.stream(generated.tokens()))
                .map(ids -> ids.mapToObj(String::valueOf).collect(Collectors.joining(" ")))
                .toList();
    Files.write(ours.resolve("generated.txt"), lines);
  }

  private void writeGradients(Decoder decoder) throws IOException {
    RunSpec.Objective textAlone = new RunSpec.Objective(Divergence.ForwardKL, 1, 1, 0.5);
    try (Objective objective = new Objective(decoder, textAlone);
        NDManager scope = decoder.manager().newSubManager()) {
      new Backpropagation(decoder, objective, TestSpecs.alone(decoder), false)
          .run(List.of(new Example(tokens, null)), 1.0 / (tokens.length - 1), true);
      DecoderParameters gradients =
          decoder.parameters().map(tensor -> Torch.gradient(scope, tensor));
      SafetensorsWriter.write(
          ours.resolve("gradients.safetensors"),
          DecoderWeights.tensors(decoder.config(), gradients));
    }
  }
}
