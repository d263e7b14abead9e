package dev.alambic.model;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.GenerationConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.DurableFiles;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes Hugging Face model folders that transformers and vLLM load. */
public final class ModelFolderWriter {

  /** Bytes in a weights file before a second one is begun: transformers' own choice until 4.57. */
  public static final long LARGEST_FILE = 5_000_000_000L;

  private static final String PARTIAL = ".partial";
  private static final String REPLACED = ".replaced";

  /** What a generator needs beside the weights; copied as it is, where the source has it. */
  private static final List<String> CARRIED_OVER =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          GenerationConfig.FILE_NAME,
          "tokenizer.model",
          "added_tokens.json",
          "chat_template.jinja");

  private ModelFolderWriter() {}

  /**
   * Writes a folder with weights files of at most {@link #LARGEST_FILE} bytes.
   *
   * @see #write(Path, HuggingFaceConfig, List, Optional, long)
   */
  public static void write(
      Path folder,
      DecoderConfig decoder,
      SpecialTokens specialTokens,
      List<Tensor> tensors,
      Optional<Path> tokenizerFrom) {
    String dtype = tensors.get(0).dtype().torchName();
    HuggingFaceConfig config = new HuggingFaceConfig(decoder, dtype, specialTokens);
    write(folder, config, tensors, tokenizerFrom, LARGEST_FILE);
  }

  /**
   * Writes a folder aside and renames it into place, so that a reader never sees half a model. A
   * model that stood there before is replaced; a folder with anything else in it is left alone.
   *
   * @param tensors exactly those of {@link TensorNames#expected}, in any order
   * @param tokenizerFrom a model folder whose tokenizer and generation files come along; where it
   *     has no {@code generation_config.json}, one with the special tokens is written
   * @param largestFile bytes in one weights file; with more there is an index
   * @throws RunException if the folder holds other files than a model's, or can't be written
   * @throws IllegalArgumentException if the tensors don't fit the configuration
   */
  public static void write(
      Path folder,
      HuggingFaceConfig config,
      List<Tensor> tensors,
      Optional<Path> tokenizerFrom,
      long largestFile) {
    check(config, tensors);
    try {
      Mounted.writable(folder);
      Mounted.writable(DurableFiles.sibling(folder, PARTIAL));
      Mounted.writable(DurableFiles.sibling(folder, REPLACED));
      refuseStrangers(folder);
      Files.createDirectories(DurableFiles.parent(folder));
      Path aside = DurableFiles.sibling(folder, PARTIAL);
      delete(aside);
      try {
        Files.createDirectory(aside);
        fill(aside, config, tensors, tokenizerFrom, largestFile);
        DurableFiles.force(aside);
        replace(folder, aside);
      } finally {
        delete(aside);
      }
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": the model cannot be written: " + e, e);
    }
  }

  private static void check(HuggingFaceConfig config, List<Tensor> tensors) {
    Map<String, Tensor> byName = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      if (byName.put(tensor.name(), tensor) != null) {
        throw new IllegalArgumentException("tensor " + tensor.name() + ": given twice");
      }
      if (!tensor.dtype().torchName().equals(config.dtype())) {
        throw new IllegalArgumentException(
            "tensor " + tensor.name() + ": is " + tensor.dtype() + ", not " + config.dtype());
      }
    }
    List<String> mismatches = TensorNames.mismatches(config.decoder(), byName);
    if (!mismatches.isEmpty()) {
      throw new IllegalArgumentException(ModelFolder.firstOf(mismatches));
    }
  }

  private static void fill(
      Path aside,
      HuggingFaceConfig config,
      List<Tensor> tensors,
      Optional<Path> tokenizerFrom,
      long largestFile)
      throws IOException {
    DurableFiles.write(aside.resolve(HuggingFaceConfig.FILE_NAME), config.toJson());
    writeWeights(aside, tensors, largestFile);
    if (tokenizerFrom.isPresent()) {
      for (String name : CARRIED_OVER) {
        Path source = tokenizerFrom.get().resolve(name);
        if (Files.exists(source)) {
          DurableFiles.copy(Mounted.readable(source), aside.resolve(name));
        }
      }
    }
    Path generation = aside.resolve(GenerationConfig.FILE_NAME);
    if (!Files.exists(generation)) {
      DurableFiles.write(generation, GenerationConfig.toJson(config.specialTokens()));
    }
  }

  private static void writeWeights(Path aside, List<Tensor> tensors, long largestFile)
      throws IOException {
    List<List<Tensor>> shards = ShardIndex.split(tensors, largestFile);
    if (shards.size() == 1) {
      SafetensorsWriter.write(aside.resolve(ModelFolder.WEIGHTS), tensors);
      return;
    }
    for (int i = 0; i < shards.size(); i++) {
      String name = ShardIndex.shardName(i + 1, shards.size());
      SafetensorsWriter.write(aside.resolve(name), shards.get(i));
    }
    DurableFiles.write(aside.resolve(ShardIndex.FILE_NAME), ShardIndex.toJson(shards));
  }

  /** Guards against a mistyped path: only a model may be replaced by a model. */
  private static void refuseStrangers(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    try (Stream<Path> files = Files.list(folder)) {
      Optional<Path> stranger = files.filter(file -> !belongsToAModel(file)).sorted().findFirst();
      if (stranger.isPresent()) {
        throw new RunException(
            ExitCode.DATA,
            folder
                + ": holds "
                + stranger.get().getFileName()
                + ", which is not part of a model; choose another folder or remove it");
      }
    }
  }

  private static boolean belongsToAModel(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && (name.equals(HuggingFaceConfig.FILE_NAME)
            || name.equals(ShardIndex.FILE_NAME)
            || name.endsWith(".safetensors")
            || CARRIED_OVER.contains(name));
  }

  /** A folder can't be renamed over a full one: the old one steps aside for a moment. */
  private static void replace(Path folder, Path aside) throws IOException {
    Path old = DurableFiles.sibling(folder, REPLACED);
    if (Files.exists(folder)) {
      delete(old);
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.force(DurableFiles.parent(folder));
    delete(old);
  }

  /** Deletes a folder of files that this class made. */
  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (Files.isSymbolicLink(folder)) {
      Files.delete(folder); // A link's target belongs to someone else.
      return;
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
