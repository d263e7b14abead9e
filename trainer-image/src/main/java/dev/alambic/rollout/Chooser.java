package dev.alambic.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.signal.Draws;
import dev.alambic.torch.Program;
import java.util.List;

/** Chooses the next token of drafts, beside their logits. */
final class Chooser implements AutoCloseable {
  private final Decoder decoder;
  private final Sampling sampling;
  private final Program program;

  Chooser(Decoder decoder, Sampling sampling) {
    this.decoder = decoder;
    this.sampling = sampling;
    this.program = Program.load(decoder.manager(), "sampling");
  }

  /**
   * Tokens and their log-probabilities.
   *
   * @param ids {@code [n]}
   * @param logProbabilities {@code [n]}, see {@link Answer#logProbabilities}
   */
  record Choice(long[] ids, float[] logProbabilities) {}

  /**
   * The next token of each draft.
   *
   * @param hidden {@code [n, width]}
   * @throws RunException DATA if logits are not finite
   */
  Choice choose(NDManager scope, NDArray hidden, List<Draft> drafts) {
    double[] uniforms = new double[drafts.size()];
    for (int i = 0; i < uniforms.length; i++) {
      Draft draft = drafts.get(i);
      long key = draft.question().key();
      Draws.fill(uniforms, i, sampling.seed(), key, draft.length(), 1);
    }
    NDList chosen =
        program.callAll(
            scope,
            "choose",
            decoder.logits(scope, hidden),
            scope.create(uniforms),
            sampling.temperature(),
            sampling.topP());
    Choice choice = new Choice(chosen.get(0).toLongArray(), chosen.get(1).toFloatArray());
    for (float logProbability : choice.logProbabilities()) {
      if (!Float.isFinite(logProbability)) {
        throw new RunException(
            ExitCode.DATA,
            "a logit of the student is not finite: its weights are damaged, or training.precision"
                + " overflows, or training.peakLearningRate is too high");
      }
    }
    return choice;
  }

  @Override
  public void close() {
    program.close();
  }
}
