package dev.alambic.operator.progress;

import dev.alambic.run.Progress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Reads one trainer's progress. */
@FunctionalInterface
interface ProgressReader {
  /** The progress; fails, within a bounded time, if there is no good answer. */
  CompletableFuture<Progress> read(URI uri);
}
