package dev.alambic.train;

import dev.alambic.data.SharedVocabulary;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.DurableFiles;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.run.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.volume.Mounted;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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

  private final RunSpec spec;
  private final Path folder;
  private final String corpusDigest;
  private final Set<Path> damaged = new HashSet<>();
  private CheckpointFiles.Tokens tokenizer;

  /**
   * The checkpoints of a run.
   *
   * @param corpusDigest of the tokens trained on; a checkpoint of another corpus is refused
   */
  public Checkpoints(RunSpec spec, String corpusDigest) {
    this.spec = spec;
    this.folder = Path.of(spec.checkpoint().path());
    this.corpusDigest = corpusDigest;
  }

  @Override
  public Optional<RunState> restore(
      TrainedTensors tensors, Predicate<RunState> wanted, Consumer<Progress.Damage> onDamage) {
    try {
      Mounted.writable(folder);
      tidy();
      for (Path checkpoint : newestFirst()) {
        Optional<RunState> state = restore(checkpoint, tensors, wanted, onDamage);
        if (state.isPresent()) {
          LOG.info("going on from {}", checkpoint);
          return state;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new RunException(
          ExitCode.IO, folder + ": a checkpoint cannot be read: " + reason(e), e);
    }
  }

  private Optional<RunState> restore(
      Path checkpoint,
      TrainedTensors tensors,
      Predicate<RunState> wanted,
      Consumer<Progress.Damage> onDamage)
      throws IOException {
    CheckpointFiles files = new CheckpointFiles(checkpoint);
    try {
      CheckpointFiles.Saved saved = files.verified();
      refuseOther(checkpoint, saved);
      if (!wanted.test(saved.run())) {
        return Optional.empty();
      }
      files.load(tensors);
      return Optional.of(saved.run());
    } catch (CheckpointFiles.DamagedException e) {
      LOG.warn("{} is damaged and skipped: {}", checkpoint, e.getMessage());
      if (damaged.add(checkpoint)) {
        onDamage.accept(new Progress.Damage(checkpoint.toString(), e.getMessage()));
      }
      return Optional.empty();
    }
  }

  /** What a killed process began would fill the volume. */
  private void tidy() throws IOException {
    for (Path begun : list("." + PREFIX)) {
      Trees.delete(begun);
    }
  }

  private void refuseOther(Path checkpoint, CheckpointFiles.Saved saved) {
    if (!corpusDigest.equals(saved.corpusDigest())) {
      throw new RunException(
          ExitCode.DATA,
          checkpoint
              + " was made from other text than "
              + spec.data().path()
              + " has now: restore the text, or start the run in another folder");
    }
  }

  @Override
  public Progress.Checkpoint write(Snapshot snapshot) throws IOException {
    Path target = folder.resolve(PREFIX + String.format("%012d", snapshot.state().step()));
    if (!Files.exists(target) || damaged.contains(target)) {
      try {
        write(target, snapshot);
      } catch (IOException | RunException e) {
        throw new IOException(target + ": the checkpoint cannot be written: " + reason(e), e);
      }
    }
    return new Progress.Checkpoint(snapshot.tokens(), target.toString(), Instant.now());
  }

  private void write(Path target, Snapshot snapshot) throws IOException {
    Mounted.writable(target);
    Path aside = folder.resolve("." + target.getFileName() + ASIDE);
    try {
      Trees.delete(aside);
      new CheckpointFiles(aside).write(snapshot, corpusDigest, spec.training(), tokenizer());
      if (damaged.remove(target)) {
        Trees.delete(target);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(aside);
    }
    DurableFiles.force(folder);
    prune();
  }

  private CheckpointFiles.Tokens tokenizer() {
    if (tokenizer == null) {
      Path from = Path.of(spec.student().tokenizerPath());
      tokenizer = new CheckpointFiles.Tokens(from, SharedVocabulary.specialTokens(from));
    }
    return tokenizer;
  }

  private void prune() throws IOException {
    int kept = 0;
    for (Path checkpoint : newestFirst()) {
      if (kept >= Math.max(1, spec.checkpoint().keep())) {
        delete(checkpoint);
      } else if (!damaged.contains(checkpoint)) {
        kept++;
      }
    }
  }

  /** What cannot be deleted is in nobody's way but the volume's. */
  private static void delete(Path folder) {
    try {
      Trees.delete(folder);
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
  public String export(Decoder student) {
    Path target = Path.of(spec.student().outputPath());
    ModelFolderWriter.write(
        target,
        student.config(),
        tokenizer().special(),
        DecoderWeights.tensors(student.config(), student.parameters()),
        Optional.of(tokenizer().folder()));
    return target.toString();
  }
}
