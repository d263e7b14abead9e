package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The run specification that the operator mounts. */
final class SpecOption {
  @Option(names = "--spec", required = true, description = "The run specification (JSON)")
  private Path file;

  Path file() {
    return file;
  }

  /**
   * Reads it.
   *
   * @throws RunException if it is missing, damaged or of another version
   */
  RunSpec read() {
    RunSpec spec = parse();
    if (!RunSpec.VERSION.equals(spec.version())) {
      throw new RunException(
          ExitCode.USAGE,
          "%s: version is %s, this image reads %s"
              .formatted(file, spec.version(), RunSpec.VERSION));
    }
    return spec;
  }

  private RunSpec parse() {
    try {
      return RunJson.read(Files.readString(file), RunSpec.class);
    } catch (IOException e) {
      throw new RunException(ExitCode.NO_INPUT, file + ": cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new RunException(ExitCode.USAGE, file + ": " + e.getMessage(), e);
    }
  }
}
