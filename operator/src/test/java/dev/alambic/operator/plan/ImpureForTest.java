package dev.alambic.operator.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A decision that touches the world, so that the rules against it are seen to work. */
public final class ImpureForTest {
  private ImpureForTest() {}

  static Instant decide() {
    return Files.exists(Path.of("file")) ? Instant.now() : Instant.EPOCH;
  }
}
