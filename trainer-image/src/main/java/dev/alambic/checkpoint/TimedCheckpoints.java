package dev.alambic.checkpoint;

import dev.alambic.progress.TimeSpent;
import dev.alambic.run.Progress;
import dev.alambic.step.RunState;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Checkpoints that record how long writing them takes. */
public final class TimedCheckpoints implements CheckpointStore {
  private final Checkpoints checkpoints;
  private final TimeSpent writing;

  /** Checkpoints that add the time of writing to {@code writing}. */
  public TimedCheckpoints(Checkpoints checkpoints, TimeSpent writing) {
    this.checkpoints = checkpoints;
    this.writing = writing;
  }

  @Override
  public Optional<RunState> restore(
      TrainedTensors tensors, Predicate<RunState> wanted, Consumer<Progress.Damage> damaged) {
    return checkpoints.restore(tensors, wanted, damaged);
  }

  @Override
  public Progress.Checkpoint write(Snapshot snapshot) throws IOException {
    long start = System.nanoTime();
    Progress.Checkpoint written = checkpoints.write(snapshot);
    writing.add(System.nanoTime() - start);
    return written;
  }

  @Override
  public String export(HostWeights student) {
    return checkpoints.export(student);
  }
}
