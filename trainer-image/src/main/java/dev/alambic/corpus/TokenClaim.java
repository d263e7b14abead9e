package dev.alambic.corpus;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who tokenises: of several trainers and fills that need the same text one does it, and the others
 * wait for it. A file that only its maker holds, on any volume, and that grows while the maker
 * lives. It saves work and guards nothing: should two hold it, both write good tokens.
 */
final class TokenClaim {
  private static final Logger LOG = LoggerFactory.getLogger(TokenClaim.class);
  private static final Duration PULSE = Duration.ofSeconds(1);
  private static final Duration DEAD_AFTER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Path file;
  private final LongSupplier nanoTime;
  private long lastPulse;
  private long seenSize = -1;
  private long seenAt;

  TokenClaim(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
  }

  /** Takes the claim if it is free. */
  boolean take() throws IOException {
    try {
      Files.createFile(file);
      lastPulse = nanoTime.getAsLong();
      seenSize = -1;
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Shows the others that the holder lives. */
  void alive() {
    if (nanoTime.getAsLong() - lastPulse < PULSE.toNanos()) {
      return;
    }
    lastPulse = nanoTime.getAsLong();
    try {
      Files.write(file, new byte[1], StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.debug("{}: taken over meanwhile", file, e);
    }
  }

  /** Waits a moment; removes the claim of one that shows no life. */
  void await() throws IOException {
    try {
      Thread.sleep(POLL.toMillis());
      long size = Files.size(file);
      long now = nanoTime.getAsLong();
      if (size != seenSize) {
        seenSize = size;
        seenAt = now;
      } else if (now - seenAt > DEAD_AFTER.toNanos()) {
        LOG.info("{}: whoever held it has died", file);
        seenSize = -1;
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      seenSize = -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while another trainer tokenises", e);
    }
  }

  void giveBack() throws IOException {
    Files.deleteIfExists(file);
  }
}
