package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;

/** AdamW over a decoder's flat tensors, with the global gradient norm clipped. */
final class AdamW implements AutoCloseable {
  private final NDManager manager;
  private final List<NDArray> parameters;
  private final List<Long> matrixElements;
  private final List<NDArray> first = new ArrayList<>();
  private final List<NDArray> second = new ArrayList<>();
  private final RunSpec.Training settings;
  private final Program program;

  AdamW(Decoder decoder, RunSpec.Training settings) {
    this.manager = decoder.manager().newSubManager();
    this.parameters = decoder.parameters().all();
    this.matrixElements = DecoderParameters.matrixElements(decoder.config());
    this.settings = settings;
    this.program = Program.load(manager, "optimizer");
    for (NDArray parameter : parameters) {
      first.add(manager.zeros(parameter.getShape()));
      second.add(manager.zeros(parameter.getShape()));
    }
  }

  /** First moments, in the order of {@link DecoderParameters#all}. */
  List<NDArray> firstMoments() {
    return first;
  }

  /** Second moments, in the order of {@link DecoderParameters#all}. */
  List<NDArray> secondMoments() {
    return second;
  }

  /**
   * Applies the gathered gradients and clears them. With a norm that is not finite nothing is
   * applied.
   *
   * @param step optimizer steps applied before this one
   * @return the global L2 norm of the gradients before clipping
   */
  double step(long step, double rate) {
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> gradients = gradients(scope);
      double norm = program.call(scope, "norm", gradients).toDoubleArray()[0];
      if (!Double.isFinite(norm)) {
        program.call(scope, "clear", gradients);
        return norm;
      }
      double clip = Math.min(1, settings.gradientClip() / (norm + 1e-6));
      for (int i = 0; i < parameters.size(); i++) {
        update(scope, i, gradients.get(i), clip, step + 1, rate);
      }
      return norm;
    }
  }

  /** Forgets the gathered gradients. */
  void clear() {
    try (NDManager scope = manager.newSubManager()) {
      program.call(scope, "clear", gradients(scope));
    }
  }

  private List<NDArray> gradients(NDManager scope) {
    return parameters.stream().map(parameter -> Torch.gradient(scope, parameter)).toList();
  }

  private void update(
      NDManager scope, int i, NDArray gradient, double clip, long step, double rate) {
    program.call(
        scope,
        "adamw",
        parameters.get(i),
        gradient,
        first.get(i),
        second.get(i),
        clip,
        rate,
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        settings.weightDecay(),
        1 - Math.pow(settings.beta1(), (double) step),
        1 - Math.pow(settings.beta2(), (double) step),
        matrixElements.get(i));
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
