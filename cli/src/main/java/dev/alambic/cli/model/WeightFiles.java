package dev.alambic.cli.model;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The weights of a Hugging Face folder, as files.
 *
 * @param names in order
 * @param bytes of all of them together
 */
public record WeightFiles(List<String> names, long bytes) {
  /**
   * Lists them.
   *
   * @throws RunException NO_INPUT if there are none; IO if the folder cannot be read
   */
  public static WeightFiles of(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> weights =
          files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
      if (weights.isEmpty()) {
        throw new RunException(
            ExitCode.NO_INPUT,
            folder + ": has no *.safetensors; weights in other formats are not read");
      }
      long bytes = 0;
      for (Path file : weights) {
        bytes += Files.size(file);
      }
      return new WeightFiles(
          weights.stream().map(file -> file.getFileName().toString()).toList(), bytes);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
