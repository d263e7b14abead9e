package dev.alambic.train;

import dev.alambic.model.Decoder;
import dev.alambic.run.Progress;
import java.util.Optional;

/** Checkpoints, of which it is told how long saving takes: the training stands meanwhile. */
public final class TimedCheckpoints implements CheckpointStore {
  private final Checkpoints checkpoints;
  private final TimeSpent saving;

  /** Checkpoints of which {@code saving} is told. */
  public TimedCheckpoints(Checkpoints checkpoints, TimeSpent saving) {
    this.checkpoints = checkpoints;
    this.saving = saving;
  }

  @Override
  public Optional<RunState> restore(TrainedTensors tensors) {
    return checkpoints.restore(tensors);
  }

  @Override
  public Progress.Checkpoint save(RunState state, TrainedTensors tensors, long tokens) {
    long start = System.nanoTime();
    Progress.Checkpoint saved = checkpoints.save(state, tensors, tokens);
    saving.add(System.nanoTime() - start);
    return saved;
  }

  @Override
  public String export(Decoder student) {
    return checkpoints.export(student);
  }
}
