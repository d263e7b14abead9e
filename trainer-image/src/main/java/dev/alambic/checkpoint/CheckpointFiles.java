package dev.alambic.checkpoint;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.RunException;
import dev.alambic.io.DurableFiles;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.SafetensorsFile;
import dev.alambic.model.SafetensorsWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorCopy;
import dev.alambic.parallel.Partition;
import dev.alambic.parallel.World;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.step.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The files of one checkpoint: a Hugging Face folder of its own, with the optimizer's moments, the
 * average of the weights and the run's position beside it.
 *
 * <pre>
 * model/                       config.json, model.safetensors, tokenizer.json
 * optimizer-R-of-N.safetensors first.I and second.I, flat as the engine keeps them
 * average-R-of-N.safetensors   average.I, likewise
 * part-R-of-N.json             sizes and SHA-256 digests of these two
 * state.json                   position, curve, and what the run must agree with
 * manifest.json                sizes and SHA-256 digests of all the others
 * </pre>
 *
 * <p>Of N trainers that share the optimizer's state, each writes its part R, of each tensor the
 * segment that {@link World} gives it; the rest is rank 0's. Any other number of trainers can go on
 * from them.
 */
record CheckpointFiles(Path folder) {

  /**
   * What {@code state.json} holds.
   *
   * @param fingerprint of the student, {@link StudentFingerprint#fields}
   * @param steps that the run had then
   * @param decaySteps likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Saved(
      RunState run, Map<String, String> fingerprint, long steps, long decaySteps, int parts) {

    /** Whether its rate had begun the decay of a budget that has grown since. */
    boolean cooledFor(RunSpec.Training now) {
      return now.rate().schedule() != Schedule.Cosine
          && steps < now.steps()
          && run.cooldownStart() == null
          && run.step() > steps - decaySteps;
    }
  }

  /** A checkpoint that is not what was written, and why. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String why) {
      super(why);
    }
  }

  /** Writes the part of one trainer, and forces it to the disk. */
  void writePart(Snapshot snapshot) throws IOException {
    World part = snapshot.parts();
    Files.createDirectories(folder);
    SafetensorsWriter.write(optimizer(part), snapshot.moments());
    SafetensorsWriter.write(average(part), snapshot.averages());
    CheckpointManifest written =
        CheckpointManifest.of(folder, List.of(optimizer(part), average(part)));
    Path aside = folder.resolve("." + part(part) + ".partial");
    Files.writeString(aside, RunJson.write(written));
    DurableFiles.force(aside);
    Files.move(aside, folder.resolve(part(part)), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.force(folder);
  }

  /** The parts, of {@code parts}, that are not written yet. */
  List<Integer> missingParts(int parts) {
    return IntStream.range(0, parts)
        .filter(rank -> !Files.exists(folder.resolve(part(new World(rank, parts)))))
        .boxed()
        .toList();
  }

  /**
   * Writes the shared files when all parts are written, and forces them to the disk.
   *
   * @param tokenizer folder that the student's tokenizer comes from
   */
  void writeRest(
      Snapshot snapshot,
      StudentFingerprint fingerprint,
      RunSpec.Training training,
      Tokens tokenizer)
      throws IOException {
    ModelFolderWriter.write(
        model(),
        snapshot.shape(),
        tokenizer.special(),
        snapshot.weights(),
        Optional.of(tokenizer.folder()));
    int parts = snapshot.parts().size();
    writeJson(
        "state.json",
        new Saved(
            snapshot.state(),
            new TreeMap<>(fingerprint.fields()),
            training.steps(),
            training.rate().decaySteps(),
            parts));
    List<CheckpointManifest> written = new ArrayList<>();
    for (int rank = 0; rank < parts; rank++) {
      Path file = folder.resolve(part(new World(rank, parts)));
      written.add(RunJson.read(Files.readString(file), CheckpointManifest.class));
    }
    writeJson(CheckpointManifest.FILE_NAME, CheckpointManifest.ofAll(folder, written));
    DurableFiles.force(folder);
  }

  /** Where a student's tokenizer lies, and the special tokens that it declares. */
  record Tokens(Path folder, SpecialTokens special) {}

  private void writeJson(String name, Object content) throws IOException {
    Files.writeString(folder.resolve(name), RunJson.write(content));
    DurableFiles.force(folder.resolve(name));
  }

  /**
   * Reads {@code state.json}, after holding all files against the manifest.
   *
   * @throws IOException if a file is there but cannot be read
   */
  Saved verified() throws IOException, DamagedException {
    Optional<String> damage = CheckpointManifest.damage(folder);
    if (damage.isPresent()) {
      throw new DamagedException(damage.get());
    }
    return saved();
  }

  /** Reads {@code state.json}. */
  Saved saved() throws IOException, DamagedException {
    try {
      Saved saved = RunJson.read(Files.readString(folder.resolve("state.json")), Saved.class);
      if (saved.run() == null || saved.run().curve() == null || saved.run().health() == null) {
        throw new DamagedException("state.json: the run's position is missing");
      }
      if (saved.fingerprint() == null || saved.fingerprint().containsValue(null)) {
        throw new DamagedException("state.json: the student's fingerprint is missing");
      }
      if (saved.parts() < 1) {
        throw new DamagedException("state.json: the number of parts is missing");
      }
      return saved;
    } catch (IllegalArgumentException e) {
      throw new DamagedException("state.json: " + e.getMessage());
    }
  }

  /**
   * Copies weights, moments and average over a run's, as far as they are this trainer's.
   *
   * @param parts of how many the checkpoint is
   */
  void load(TrainedTensors tensors, int parts) throws DamagedException {
    try {
      Decoder student = tensors.student();
      DecoderWeights.copy(
          student.config(),
          ModelFolder.read(model()).tensors(),
          student.parameters(),
          tensors.partition());
      try (TensorCopy into = new TensorCopy(student.manager())) {
        for (int rank = 0; rank < parts; rank++) {
          load(into, tensors, new World(rank, parts));
        }
      }
    } catch (RunException | IllegalArgumentException e) {
      throw new DamagedException(e.getMessage());
    }
  }

  private void load(TensorCopy into, TrainedTensors tensors, World part) {
    Map<String, Tensor> moments = SafetensorsFile.read(optimizer(part));
    Map<String, Tensor> averages = SafetensorsFile.read(average(part));
    Partition partition = tensors.partition();
    for (int i = 0; i < partition.count(); i++) {
      World.Segment theirs = part.segment(partition.elements(i));
      World.Segment mine = partition.own(i);
      long from = Math.max(theirs.from(), mine.from());
      long to = Math.min(theirs.to(), mine.to());
      if (from < to) {
        long at = from - mine.from();
        Range range = new Range(from - theirs.from(), to - theirs.from(), at);
        range.copy(into, moments, "first." + i, tensors.optimizer().firstMoments().get(i));
        range.copy(into, moments, "second." + i, tensors.optimizer().secondMoments().get(i));
        range.copy(into, averages, "average." + i, tensors.average().arrays().get(i));
      }
    }
  }

  /** Elements {@code [from, to)} of a stored tensor, and where in an array they belong. */
  private record Range(long from, long to, long at) {
    void copy(TensorCopy into, Map<String, Tensor> stored, String name, NDArray target) {
      Tensor tensor = stored.get(name);
      if (tensor == null || tensor.shape().elements() < to) {
        throw new IllegalArgumentException(name + " is missing, or too short");
      }
      into.copy(tensor.part(from, to), target, at);
    }
  }

  private Path model() {
    return folder.resolve("model");
  }

  private Path optimizer(World part) {
    return folder.resolve("optimizer-" + of(part) + ".safetensors");
  }

  private Path average(World part) {
    return folder.resolve("average-" + of(part) + ".safetensors");
  }

  private static String part(World part) {
    return "part-" + of(part) + ".json";
  }

  private static String of(World part) {
    return part.rank() + "-of-" + part.size();
  }
}
