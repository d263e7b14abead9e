package dev.alambic.train;

import dev.alambic.model.Decoder;
import dev.alambic.run.Progress;
import java.util.Optional;

/** Where a run's state is kept. */
interface CheckpointStore {
  /** Puts the newest good checkpoint into the tensors; empty when there is none. */
  Optional<RunState> restore(TrainedTensors tensors);

  /** Saves the state; the newest ones stay. */
  Progress.Checkpoint save(RunState state, TrainedTensors tensors, long tokens);

  /** Writes the finished student as a Hugging Face folder, and returns its path. */
  String export(Decoder student);
}
