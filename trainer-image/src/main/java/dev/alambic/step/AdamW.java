package dev.alambic.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.World;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * AdamW over this trainer's own segments of the flat tensors, with the global gradient norm
 * clipped.
 */
public final class AdamW implements AutoCloseable {
  private final NDManager manager;
  private final Partition partition;
  private final List<Long> matrixElements;
  private final List<NDArray> first = new ArrayList<>();
  private final List<NDArray> second = new ArrayList<>();
  private final RunSpec.Optimizer settings;
  private final Program program;

  AdamW(Decoder decoder, Partition partition, RunSpec.Optimizer settings) {
    this.manager = decoder.manager().newSubManager();
    this.partition = partition;
    this.matrixElements = DecoderParameters.matrixElements(decoder.config());
    this.settings = settings;
    this.program = Program.load(manager, "optimizer");
    for (int tensor = 0; tensor < partition.count(); tensor++) {
      Shape own = new Shape(partition.own(tensor).length());
      first.add(manager.zeros(own));
      second.add(manager.zeros(own));
    }
  }

  /** First moments of the own segments, in the order of {@link DecoderParameters#all}. */
  public List<NDArray> firstMoments() {
    return first;
  }

  /** Second moments of the own segments, in the order of {@link DecoderParameters#all}. */
  public List<NDArray> secondMoments() {
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
      double norm = norm(scope, gradients);
      if (!Double.isFinite(norm)) {
        partition.zeroGradients();
        return norm;
      }
      double clip = Math.min(1, settings.gradientClip() / (norm + 1e-6));
      for (int i = 0; i < gradients.size(); i++) {
        update(scope, i, gradients.get(i), clip, step + 1, rate);
      }
      partition.weightsUpdated();
      return norm;
    }
  }

  private List<NDArray> gradients(NDManager scope) {
    return IntStream.range(0, partition.count())
        .mapToObj(tensor -> partition.gradient(scope, tensor))
        .toList();
  }

  /** Where every trainer has all gradients, each comes to the same norm by itself. */
  private double norm(NDManager scope, List<NDArray> gradients) {
    double squares = program.call(scope, "squares", gradients).toDoubleArray()[0];
    if (partition.world().size() == 1) {
      return Math.sqrt(squares);
    }
    double sum = 0;
    for (double[] theirs : partition.collectives().gather(new double[] {squares})) {
      sum += theirs[0];
    }
    return Math.sqrt(sum);
  }

  private void update(
      NDManager scope, int i, NDArray gradient, double clip, long step, double rate) {
    World.Segment own = partition.own(i);
    program.call(
        scope,
        "adamw",
        partition.weights(scope, i),
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
        Math.max(0, Math.min(matrixElements.get(i), own.to()) - own.from()));
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
