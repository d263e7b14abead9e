package dev.alambic.checkpoint;

import dev.alambic.run.Progress;
import dev.alambic.step.RunState;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Where a run's state is kept. */
public interface CheckpointStore {
  /**
   * Puts the newest sound checkpoint that is wanted into the tensors; empty when there is none.
   *
   * @param wanted asked of each, newest first
   * @param damaged called for each one that is skipped
   * @throws dev.alambic.failure.RunException DATA if it is of another run, IO if it cannot be read
   */
  Optional<RunState> restore(
      TrainedTensors tensors, Predicate<RunState> wanted, Consumer<Progress.Damage> damaged);

  /**
   * Writes a checkpoint; the newest ones stay. Any thread.
   *
   * @throws IOException if it cannot be written; those before are as they were
   */
  Progress.Checkpoint write(Snapshot snapshot) throws IOException;

  /** Writes the finished student as a Hugging Face folder, and returns its path. */
  String export(HostWeights student);
}
