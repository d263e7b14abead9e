package dev.alambic.checkpoint;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.DurableFiles;
import dev.alambic.io.FileTrees;
import dev.alambic.io.Mounted;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.step.RunState;
import dev.alambic.tokenizer.SharedVocabulary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's checkpoints as folders {@code step-000000001200}, each of {@link CheckpointFiles}. One is
 * written aside and renamed, so that one that is there is whole; and it is verified when it is
 * loaded, since disks forget.
 */
public final class Checkpoints implements CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PREFIX = "step-";
  private static final String ASIDE = ".partial";
  private static final String REPLACED = "replaced";
  private static final double NONE = -1;

  /** How long the trainer of rank 0 waits for the others' parts. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final RunSpec spec;
  private final Path folder;
  private final StudentFingerprint fingerprint;
  private final Collectives collectives;
  private final Set<Path> damaged = new HashSet<>();
  private CheckpointFiles.Tokens tokenizer;
  private Path written;
  private boolean clearedReplaced;

  /** The checkpoints of a run with one trainer. */
  public Checkpoints(RunSpec spec, StudentFingerprint fingerprint) {
    this(spec, fingerprint, new SingleProcess());
  }

  /**
   * The checkpoints of a run.
   *
   * @param fingerprint a checkpoint with another is refused, or put aside if the run asks for that
   * @param collectives of the trainers, which restore together
   */
  public Checkpoints(RunSpec spec, StudentFingerprint fingerprint, Collectives collectives) {
    this.spec = spec;
    this.folder = Path.of(spec.checkpoint().path());
    this.fingerprint = fingerprint;
    this.collectives = collectives;
  }

  private boolean leads() {
    return collectives.world().rank() == 0;
  }

  @Override
  public Optional<RunState> restore(
      TrainedTensors tensors, Predicate<RunState> wanted, Consumer<Progress.Damage> onDamage) {
    try {
      if (leads()) {
        Mounted.writable(folder);
        tidy();
      }
      Optional<Path> chosen = agreed(leads() ? choose(wanted, onDamage) : Optional.empty());
      while (chosen.isPresent()) {
        Optional<RunState> state = load(chosen.get(), tensors, onDamage);
        if (state.isPresent()) {
          LOG.info("going on from {}", chosen.get());
          return state;
        }
        // It is among the damaged now, which are not chosen again.
        chosen = agreed(leads() ? choose(wanted, onDamage) : Optional.empty());
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new RunException(
          ExitCode.IO, folder + ": a checkpoint cannot be read: " + reason(e), e);
    }
  }

  /**
   * The newest that is what was written, and wanted. Of a run whose budget grew after its rate had
   * begun to decay, the newest from before the decay: weights that were cooled down would have to
   * be heated up again (MiniCPM, arXiv 2404.06395, section 4.3). Only where none is left, the
   * cooled.
   */
  private Optional<Path> choose(Predicate<RunState> wanted, Consumer<Progress.Damage> onDamage)
      throws IOException {
    List<Path> cooled = new ArrayList<>();
    for (Path checkpoint : newestFirst()) {
      Optional<CheckpointFiles.Saved> saved =
          damaged.contains(checkpoint) ? Optional.empty() : verified(checkpoint, onDamage);
      if (saved.isEmpty() || replaced(checkpoint, saved.get()) || !wanted.test(saved.get().run())) {
        continue;
      }
      if (!saved.get().cooledFor(spec.training())) {
        forget(cooled);
        return Optional.of(checkpoint);
      }
      cooled.add(checkpoint);
    }
    return cooled.stream().findFirst();
  }

  private Optional<CheckpointFiles.Saved> verified(
      Path checkpoint, Consumer<Progress.Damage> onDamage) throws IOException {
    try {
      return Optional.of(new CheckpointFiles(checkpoint).verified());
    } catch (CheckpointFiles.DamagedException e) {
      damaged(checkpoint, e, onDamage);
      return Optional.empty();
    }
  }

  /** The run passes these steps again, and writes other checkpoints of the same names. */
  private static void forget(List<Path> cooled) {
    for (Path checkpoint : cooled) {
      LOG.info("{}: the budget grew: continuing from before the decay", checkpoint);
      delete(checkpoint);
    }
  }

  /** What the trainer of rank 0 chose. */
  private Optional<Path> agreed(Optional<Path> mine) {
    double step = mine.map(Checkpoints::step).orElse(NONE);
    double chosen = collectives.gather(new double[] {step}).get(0)[0];
    return chosen == NONE ? Optional.empty() : Optional.of(folder((long) chosen));
  }

  /** Empty if any trainer finds that it cannot be loaded after all. */
  private Optional<RunState> load(
      Path checkpoint, TrainedTensors tensors, Consumer<Progress.Damage> onDamage)
      throws IOException {
    CheckpointFiles files = new CheckpointFiles(checkpoint);
    Optional<RunState> state = Optional.empty();
    try {
      CheckpointFiles.Saved saved = files.saved();
      files.load(tensors, saved.parts());
      state = Optional.of(saved.run());
    } catch (CheckpointFiles.DamagedException e) {
      damaged(checkpoint, e, onDamage);
    }
    double failed = state.isPresent() ? 0 : 1;
    boolean sound =
        collectives.gather(new double[] {failed}).stream().allMatch(theirs -> theirs[0] == 0);
    if (!sound) {
      damaged.add(checkpoint);
    }
    return sound ? state : Optional.empty();
  }

  private void damaged(
      Path checkpoint, CheckpointFiles.DamagedException e, Consumer<Progress.Damage> onDamage) {
    LOG.warn("{} is damaged and skipped: {}", checkpoint, e.getMessage());
    if (damaged.add(checkpoint)) {
      onDamage.accept(new Progress.Damage(checkpoint.toString(), e.getMessage()));
    }
  }

  private static double step(Path checkpoint) {
    return Double.parseDouble(checkpoint.getFileName().toString().substring(PREFIX.length()));
  }

  private Path folder(long step) {
    return folder.resolve(PREFIX + String.format(Locale.ROOT, "%012d", step));
  }

  /** What a killed process began would fill the volume. */
  private void tidy() throws IOException {
    for (Path begun : list("." + PREFIX)) {
      FileTrees.delete(begun);
    }
  }

  /**
   * Whether a checkpoint is another run's, which this one was asked to replace. It is put aside:
   * the newest of those that are replaced stays until the next are.
   *
   * @throws RunException DATA if it is another run's and a restart was not requested
   */
  private boolean replaced(Path checkpoint, CheckpointFiles.Saved saved) throws IOException {
    List<String> differences = fingerprint.differences(new StudentFingerprint(saved.fingerprint()));
    if (differences.isEmpty()) {
      return false;
    }
    String first = differences.get(0);
    String more = differences.size() == 1 ? "" : "; and %d more".formatted(differences.size() - 1);
    if (!spec.checkpoint().restart()) {
      throw new RunException(
          ExitCode.DATA,
          ("%s is of another run: %s%s. Take another name or folder, or restart in this one with"
                  + " spec.checkpoint.restart: true (pretrain: --restart)")
              .formatted(checkpoint, first, more));
    }
    LOG.warn("{} is of another run and put aside: {}{}", checkpoint, first, more);
    putAside(checkpoint);
    return true;
  }

  private void putAside(Path checkpoint) throws IOException {
    Path aside = Mounted.writable(folder.resolve(REPLACED));
    if (!clearedReplaced) {
      FileTrees.delete(aside);
      Files.createDirectories(aside);
      Files.move(checkpoint, aside.resolve(checkpoint.getFileName()));
      clearedReplaced = true;
    } else {
      delete(checkpoint);
    }
  }

  @Override
  public Progress.Checkpoint write(Snapshot snapshot) throws IOException {
    Path target = folder(snapshot.state().step());
    boolean there = target.equals(written) || Files.exists(target);
    if (!there || damaged.contains(target)) {
      try {
        write(target, snapshot);
      } catch (IOException | RunException e) {
        throw new IOException(target + ": the checkpoint cannot be written: " + reason(e), e);
      }
    }
    written = target;
    return new Progress.Checkpoint(snapshot.tokens(), target.toString(), Instant.now());
  }

  private void write(Path target, Snapshot snapshot) throws IOException {
    Mounted.writable(target);
    Path aside = folder.resolve("." + target.getFileName() + ASIDE);
    CheckpointFiles files = new CheckpointFiles(aside);
    if (!leads()) {
      files.writePart(snapshot);
      return;
    }
    try {
      files.writePart(snapshot);
      await(files, snapshot.parts().size());
      files.writeRest(snapshot, fingerprint, spec.training(), tokenizer());
      if (damaged.remove(target)) {
        FileTrees.delete(target);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(aside);
    }
    DurableFiles.force(folder);
    prune();
  }

  /** The volume is what the trainers' writers share: their collectives are the training's. */
  private static void await(CheckpointFiles files, int parts) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<Integer> missing = files.missingParts(parts);
    while (!missing.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "the part of trainer %d of %d was not written within %d s; do all trainers have the"
                    .formatted(missing.get(0), parts, PATIENCE.toSeconds())
                + " same volume?");
      }
      try {
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        throw new InterruptedIOException("stopped while waiting for the other trainers' parts");
      }
      missing = files.missingParts(parts);
    }
  }

  private CheckpointFiles.Tokens tokenizer() {
    if (tokenizer == null) {
      Path from = Path.of(spec.student().tokenizerPath());
      tokenizer = new CheckpointFiles.Tokens(from, SharedVocabulary.specialTokens(from));
    }
    return tokenizer;
  }

  /**
   * Beside the newest, the last from before the decay stays: a larger budget continues from there.
   */
  private void prune() throws IOException {
    long decay = spec.training().steps() - spec.training().rate().decaySteps();
    boolean beforeDecay = false;
    int kept = 0;
    for (Path checkpoint : newestFirst()) {
      boolean last = !beforeDecay && step(checkpoint) <= decay;
      beforeDecay |= last;
      if (damaged.contains(checkpoint)) {
        continue;
      }
      if (kept < Math.max(1, spec.checkpoint().keep())) {
        kept++;
      } else if (!last) {
        delete(checkpoint);
      }
    }
  }

  /** What cannot be deleted only takes space on the volume. */
  private static void delete(Path folder) {
    try {
      FileTrees.delete(folder);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", folder, reason(e));
    }
  }

  private List<Path> newestFirst() throws IOException {
    return list(PREFIX).stream().sorted(Comparator.reverseOrder()).toList();
  }

  private List<Path> list(String prefix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /** In words: {@code No space left on device}, where Java gives path and words. */
  private static String reason(Exception e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : e.getMessage() == null ? e.toString() : e.getMessage();
  }

  @Override
  public String export(HostWeights student) {
    Path target = Path.of(spec.student().outputPath());
    ModelFolderWriter.write(
        target,
        student.shape(),
        tokenizer().special(),
        student.tensors(),
        Optional.of(tokenizer().folder()));
    return target.toString();
  }
}
