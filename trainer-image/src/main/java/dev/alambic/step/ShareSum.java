package dev.alambic.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.parallel.TreeSum;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Gradients of several shares of a batch, added up in the order of {@link TreeSum}: those of the
 * first half are set aside while the second half's are made, a copy of all gradients for each time
 * that the shares halve.
 */
final class ShareSum implements AutoCloseable {
  private final List<NDArray> leaves;
  private final NDManager manager;
  private final Program program;

  /** A sum in these leaves' gradients. */
  ShareSum(List<NDArray> leaves) {
    this.leaves = leaves;
    this.manager = leaves.get(0).getManager().newSubManager();
    this.program = Program.load(manager, "shards");
  }

  /**
   * Adds shares up.
   *
   * @param share adds the gradient of one to what the leaves have
   */
  void of(int shares, IntConsumer share) {
    add(0, shares, share);
  }

  private void add(int from, int to, IntConsumer share) {
    if (to - from == 1) {
      share.accept(from);
      return;
    }
    int middle = TreeSum.middle(from, to);
    add(from, middle, share);
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> gradients = leaves.stream().map(leaf -> Torch.gradient(scope, leaf)).toList();
      List<NDArray> first =
          gradients.stream().map(gradient -> program.call(scope, "copy", gradient)).toList();
      program.call(scope, "clear", gradients);
      add(middle, to, share);
      for (int i = 0; i < first.size(); i++) {
        program.call(scope, "add", gradients.get(i), first.get(i));
      }
    }
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
