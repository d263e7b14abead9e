package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.alambic.data.SharedVocabulary;
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
import dev.alambic.model.TensorShape;
import dev.alambic.run.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's state as files. A checkpoint is a Hugging Face folder of its own, with the optimizer's
 * moments, the average of the weights and the run's position beside the weights:
 *
 * <pre>
 * step-000000001200/
 *   model/                  config.json, model.safetensors, tokenizer.json
 *   optimizer.safetensors   first.N and second.N, flat as the engine keeps them
 *   average.safetensors     average.N, likewise
 *   state.json              position, curve, and what the run must agree with
 * </pre>
 *
 * It is written aside and renamed, so that one that is there is whole.
 */
public final class Checkpoints implements CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String PREFIX = "step-";

  private final RunSpec spec;
  private final Path folder;
  private final String corpusDigest;
  private SpecialTokens specialTokens;

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

  /** What {@code state.json} holds. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Saved(RunState run, String corpusDigest, RunSpec.Training training) {}

  @Override
  public Optional<RunState> restore(TrainedTensors tensors) {
    for (Path checkpoint : newestFirst()) {
      try {
        Saved saved = RunJson.read(Files.readString(checkpoint.resolve("state.json")), Saved.class);
        refuseOther(checkpoint, saved);
        load(checkpoint, tensors);
        LOG.info("resuming from {}", checkpoint);
        return Optional.of(saved.run());
      } catch (IOException | IllegalArgumentException | DamagedException e) {
        LOG.warn("{} is damaged and skipped: {}", checkpoint, e.getMessage());
      }
    }
    return Optional.empty();
  }

  private void refuseOther(Path checkpoint, Saved saved) {
    if (!saved.corpusDigest().equals(corpusDigest)) {
      throw new RunException(
          ExitCode.DATA,
          checkpoint
              + " was made from other text than "
              + spec.data().path()
              + " has now: restore the text, or start the run in another folder");
    }
  }

  private static void load(Path checkpoint, TrainedTensors tensors) {
    Map<String, Tensor> weights;
    Map<String, Tensor> moments;
    Map<String, Tensor> averages;
    try {
      weights = ModelFolder.read(checkpoint.resolve("model")).tensors();
      moments = SafetensorsFile.read(checkpoint.resolve("optimizer.safetensors"));
      averages = averages(checkpoint.resolve("average.safetensors"));
    } catch (RunException e) {
      throw new DamagedException(e);
    }
    Decoder student = tensors.student();
    DecoderWeights.copy(student.config(), weights, student.parameters());
    try (TensorCopy into = new TensorCopy(student.manager())) {
      for (int i = 0; i < student.parameters().all().size(); i++) {
        into.copy(moments.get("first." + i), tensors.optimizer().firstMoments().get(i), 0);
        into.copy(moments.get("second." + i), tensors.optimizer().secondMoments().get(i), 0);
        if (!averages.isEmpty()) {
          into.copy(averages.get("average." + i), tensors.average().arrays().get(i), 0);
        }
      }
    }
    if (averages.isEmpty()) {
      tensors.average().restart();
    }
  }

  /** Empty for a checkpoint of a release that kept none. */
  private static Map<String, Tensor> averages(Path file) {
    return Files.exists(file) ? SafetensorsFile.read(file) : Map.of();
  }

  private static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(RunException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @Override
  public Progress.Checkpoint save(RunState state, TrainedTensors tensors, long tokens) {
    Path target = folder.resolve(PREFIX + String.format("%012d", state.step()));
    try {
      if (!Files.exists(target)) {
        write(target, state, tensors);
        prune();
      }
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, target + ": the checkpoint cannot be written: " + e, e);
    }
    return new Progress.Checkpoint(tokens, target.toString(), Instant.now());
  }

  private void write(Path target, RunState state, TrainedTensors tensors) throws IOException {
    Path aside = folder.resolve("." + target.getFileName() + ".partial");
    Trees.delete(aside);
    Files.createDirectories(aside);
    writeModel(aside.resolve("model"), tensors.student());
    SafetensorsWriter.write(aside.resolve("optimizer.safetensors"), moments(tensors.optimizer()));
    SafetensorsWriter.write(aside.resolve("average.safetensors"), averages(tensors.average()));
    Saved saved = new Saved(state, corpusDigest, spec.training());
    Files.writeString(aside.resolve("state.json"), RunJson.write(saved));
    DurableFiles.force(aside.resolve("state.json"));
    DurableFiles.force(aside);
    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.force(folder);
  }

  private static List<Tensor> moments(AdamW optimizer) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < optimizer.firstMoments().size(); i++) {
      tensors.add(flat("first." + i, optimizer.firstMoments().get(i)));
      tensors.add(flat("second." + i, optimizer.secondMoments().get(i)));
    }
    return tensors;
  }

  private static List<Tensor> averages(WeightAverage average) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < average.arrays().size(); i++) {
      tensors.add(flat("average." + i, average.arrays().get(i)));
    }
    return tensors;
  }

  private static Tensor flat(String name, NDArray array) {
    return DecoderWeights.tensor(name, TensorShape.of(array.size()), array, 0);
  }

  private void writeModel(Path target, Decoder student) {
    ModelFolderWriter.write(
        target,
        student.config(),
        specialTokens(),
        DecoderWeights.tensors(student.config(), student.parameters()),
        Optional.of(Path.of(spec.student().tokenizerPath())));
  }

  private SpecialTokens specialTokens() {
    if (specialTokens == null) {
      specialTokens = SharedVocabulary.specialTokens(Path.of(spec.student().tokenizerPath()));
    }
    return specialTokens;
  }

  private void prune() throws IOException {
    List<Path> checkpoints = newestFirst();
    int keep = Math.max(1, spec.checkpoint().keep());
    for (Path old : checkpoints.subList(Math.min(keep, checkpoints.size()), checkpoints.size())) {
      Trees.delete(old);
    }
  }

  private List<Path> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": cannot be listed: " + e, e);
    }
  }

  @Override
  public String export(Decoder student) {
    Path target = Path.of(spec.student().outputPath());
    writeModel(target, student);
    return target.toString();
  }
}
