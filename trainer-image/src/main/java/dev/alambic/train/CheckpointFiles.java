package dev.alambic.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.DurableFiles;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.SafetensorsFile;
import dev.alambic.model.SafetensorsWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorCopy;
import dev.alambic.run.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The files of one checkpoint: a Hugging Face folder of its own, with the optimizer's moments, the
 * average of the weights and the run's position beside it.
 *
 * <pre>
 * model/                  config.json, model.safetensors, tokenizer.json
 * optimizer.safetensors   first.N and second.N, flat as the engine keeps them
 * average.safetensors     average.N, likewise
 * state.json              position, curve, and what the run must agree with
 * manifest.json           sizes and SHA-256 digests of all the others
 * </pre>
 */
record CheckpointFiles(Path folder) {

  /** What {@code state.json} holds. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Saved(RunState run, String corpusDigest, RunSpec.Training training) {}

  /** A checkpoint that is not what was written, and why. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String why) {
      super(why);
    }
  }

  /**
   * Writes all files into the folder, which is new, and forces them to the disk.
   *
   * @param tokenizer folder that the student's tokenizer comes from
   */
  void write(Snapshot snapshot, String corpusDigest, RunSpec.Training training, Tokens tokenizer)
      throws IOException {
    Files.createDirectories(folder);
    ModelFolderWriter.write(
        model(),
        snapshot.shape(),
        tokenizer.special(),
        snapshot.weights(),
        Optional.of(tokenizer.folder()));
    SafetensorsWriter.write(optimizer(), snapshot.moments());
    SafetensorsWriter.write(average(), snapshot.averages());
    writeJson("state.json", new Saved(snapshot.state(), corpusDigest, training));
    writeJson(CheckpointManifest.FILE_NAME, CheckpointManifest.of(folder));
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
    try {
      Saved saved = RunJson.read(Files.readString(folder.resolve("state.json")), Saved.class);
      if (saved.run() == null || saved.run().curve() == null || saved.run().health() == null) {
        throw new DamagedException("state.json: the run's position is missing");
      }
      return saved;
    } catch (IllegalArgumentException e) {
      throw new DamagedException("state.json: " + e.getMessage());
    }
  }

  /** Copies weights, moments and average over a run's. */
  void load(TrainedTensors tensors) throws DamagedException {
    try {
      Map<String, Tensor> weights = ModelFolder.read(model()).tensors();
      Map<String, Tensor> moments = SafetensorsFile.read(optimizer());
      Map<String, Tensor> averages = SafetensorsFile.read(average());
      copy(tensors, weights, moments, averages);
    } catch (RunException | IllegalArgumentException e) {
      throw new DamagedException(e.getMessage());
    }
  }

  private static void copy(
      TrainedTensors tensors,
      Map<String, Tensor> weights,
      Map<String, Tensor> moments,
      Map<String, Tensor> averages) {
    Decoder student = tensors.student();
    DecoderWeights.copy(student.config(), weights, student.parameters());
    try (TensorCopy into = new TensorCopy(student.manager())) {
      for (int i = 0; i < student.parameters().all().size(); i++) {
        into.copy(moments.get("first." + i), tensors.optimizer().firstMoments().get(i), 0);
        into.copy(moments.get("second." + i), tensors.optimizer().secondMoments().get(i), 0);
        into.copy(averages.get("average." + i), tensors.average().arrays().get(i), 0);
      }
    }
  }

  private Path model() {
    return folder.resolve("model");
  }

  private Path optimizer() {
    return folder.resolve("optimizer.safetensors");
  }

  private Path average() {
    return folder.resolve("average.safetensors");
  }
}
