package dev.alambic.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.model.Decoder;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;

/**
 * The head and the loss: a divergence to the teacher mixed with the text's own label. Positions are
 * taken in chunks, so that logits {@code [positions, vocabulary]} never exist as a whole.
 */
public final class Objective implements AutoCloseable {
  /**
   * Logits of one chunk: 2 MiB in float32, so that they stay in a CPU's cache; 256 MiB on a GPU.
   */
  private static final int CPU_CHUNK_ELEMENTS = 1 << 19;

  private static final int GPU_CHUNK_ELEMENTS = 1 << 26;

  private final Decoder decoder;
  private final RunSpec.Objective settings;
  private final int chunkPositions;
  private final Program program;

  public Objective(Decoder decoder, RunSpec.Objective settings) {
    this(decoder, settings, chunkPositions(decoder));
  }

  /** An objective that takes {@code chunkPositions} positions at once. */
  public Objective(Decoder decoder, RunSpec.Objective settings, int chunkPositions) {
    this.decoder = decoder;
    this.settings = settings;
    this.chunkPositions = chunkPositions;
    this.program = Program.load(decoder.manager(), "objective");
  }

  /**
   * The losses at {@code hidden [batch, time, width]}, of the positions that count.
   *
   * @param scope nothing that is made here outlives it
   */
  public LossSums evaluate(NDManager scope, NDArray hidden, Targets targets) {
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < targets.positions(); from += chunkPositions) {
      int to = Math.min(targets.positions(), from + chunkPositions);
      try (NDManager part = scope.newSubManager()) {
        NDArray rows = rows(part, hidden, targets, from, to);
        sums = sums.plus(sums(loss(part, rows, targets, from, to, 1).get(1), to - from));
      }
    }
    return sums;
  }

  /**
   * The losses, and their gradient: the head's is added to the head, the hidden states' is
   * returned.
   *
   * @param hidden {@code [batch, time, width]}
   * @param scale factor of the summed objective: one over the global count of valid positions
   * @return the losses and the gradient of the scaled objective {@code [batch x time, width]}
   */
  Backward backward(NDManager scope, NDArray hidden, Targets targets, double scale) {
    LossSums sums = LossSums.ZERO;
    NDList gradients = new NDList();
    for (int from = 0; from < targets.positions(); from += chunkPositions) {
      int to = Math.min(targets.positions(), from + chunkPositions);
      try (NDManager part = scope.newSubManager()) {
        NDArray rows = rows(part, hidden, targets, from, to);
        Backward backward =
            needsGraph(targets)
                ? byAutograd(part, rows, targets, from, to, scale)
                : fused(part, rows, targets, from, to, scale);
        backward.gradient().attach(scope);
        gradients.add(backward.gradient());
        sums = sums.plus(backward.sums());
      }
    }
    NDArray gradient =
        gradients.size() == 1 ? gradients.get(0) : program.call(scope, "join", gradients);
    return new Backward(sums, targets.all() ? gradient : spread(scope, hidden, targets, gradient));
  }

  /** The gradient of all positions: that of those which count, and 0. */
  private NDArray spread(NDManager scope, NDArray hidden, Targets targets, NDArray gradient) {
    NDArray places = targets.places(scope, 0, targets.positions());
    return program.call(scope, "spread", gradient, places, hidden);
  }

  private boolean needsGraph(Targets targets) {
    return targets.isDense()
        || targets.isTopK()
        || targets.isLabel()
        || settings.temperature() != 1;
  }

  record Backward(LossSums sums, NDArray gradient) {}

  private NDArray rows(NDManager part, NDArray hidden, Targets targets, int from, int to) {
    NDArray rows =
        (targets.all()
                ? program.call(part, "rows", hidden, from, to)
                : program.call(part, "chosen", hidden, targets.places(part, from, to)))
            .stopGradient();
    rows.attach(part);
    return rows;
  }

  private Backward fused(
      NDManager part, NDArray rows, Targets targets, int from, int to, double scale) {
    NDArray head = decoder.parameters().head();
    Targets.Draws draws = targets.draws(part, from, to);
    NDList result =
        program.callAll(
            part,
            "fused",
            rows,
            head,
            Torch.gradient(part, head),
            targets.labels(part, from, to),
            draws.ids(),
            draws.weights(),
            draws.entropy(),
            decoder.config().vocabulary().softCap(),
            targets.hasTeacher() ? settings.labelWeight() : 1.0,
            scale);
    return new Backward(sums(result.get(1), to - from), result.get(0));
  }

  private Backward byAutograd(
      NDManager part, NDArray rows, Targets targets, int from, int to, double scale) {
    rows.setRequiresGradient(true);
    NDList loss = Torch.withGradients(() -> loss(part, rows, targets, from, to, scale));
    Torch.backward(loss.get(0), part.ones(new Shape()));
    return new Backward(sums(loss.get(1), to - from), Torch.gradient(part, rows));
  }

  private NDList loss(
      NDManager part, NDArray rows, Targets targets, int from, int to, double scale) {
    NDArray head = decoder.parameters().head();
    NDArray labels = targets.labels(part, from, to);
    double cap = decoder.config().vocabulary().softCap();
    if (targets.isDense()) {
      return program.callAll(
          part,
          "dense",
          rows,
          head,
          labels,
          targets.logProbabilities(part, from, to, decoder.config().vocabulary().size()),
          cap,
          settings.temperature(),
          settings.labelWeight(),
          kind(settings.divergence()),
          settings.beta(),
          scale);
    }
    if (targets.isTopK()) {
      Targets.Top top = targets.top(part, from, to);
      return program.callAll(
          part,
          "top_k",
          rows,
          head,
          labels,
          top.ids(),
          top.logProbabilities(),
          cap,
          settings.temperature(),
          settings.labelWeight(),
          kind(settings.divergence()),
          settings.beta(),
          scale);
    }
    if (targets.isLabel()) {
      Targets.Own own = targets.own(part, from, to);
      return program.callAll(
          part, "own", rows, head, labels, own.teacher(), own.drawn(), cap, scale);
    }
    Targets.Draws draws = targets.draws(part, from, to);
    return program.callAll(
        part,
        "sampled",
        rows,
        head,
        labels,
        draws.ids(),
        draws.weights(),
        draws.entropy(),
        cap,
        settings.temperature(),
        targets.hasTeacher() ? settings.labelWeight() : 1.0,
        scale);
  }

  private static int kind(Divergence divergence) {
    return switch (divergence) {
      case ForwardKL -> 0;
      case ReverseKL -> 1;
      case JensenShannon -> 2;
    };
  }

  private static LossSums sums(NDArray sums, int positions) {
    float[] values = sums.toFloatArray();
    return new LossSums(
        values[0], values[1], new Progress.Masses(values[2], values[3], values[4]), positions);
  }

  private static int chunkPositions(Decoder decoder) {
    int elements = decoder.manager().getDevice().isGpu() ? GPU_CHUNK_ELEMENTS : CPU_CHUNK_ELEMENTS;
    return Math.max(1, elements / decoder.config().vocabulary().size());
  }

  @Override
  public void close() {
    program.close();
  }
}
