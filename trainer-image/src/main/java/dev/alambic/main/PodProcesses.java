package dev.alambic.main;

import dev.alambic.failure.Blame;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainers of a pod with several GPUs, which are one to Kubernetes. They meet each other as
 * they meet those of other pods: when one is gone the others leave by themselves. What is left to
 * do here is to start them, to hand on a request to stop, and to end one that hangs.
 */
final class PodProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(PodProcesses.class);

  /** For the last progress of one that has ended. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final List<PodProcess> all;
  private final Duration patience;
  private final PrintStream log;
  private final List<RankedLines> lines = new ArrayList<>();
  private final Map<PodProcess, Process> running = new LinkedHashMap<>();
  private final BlockingQueue<Ended> endings = new LinkedBlockingQueue<>();

  /**
   * Not started yet.
   *
   * @param all by rank
   * @param patience after the first failure, until those that are still there are killed
   * @param log where their output goes
   */
  PodProcesses(List<PodProcess> all, Duration patience, PrintStream log) {
    this.all = List.copyOf(all);
    this.patience = patience;
    this.log = log;
  }

  /**
   * One that has ended.
   *
   * @param killed from here, because it did not leave: then its exit code does not show the cause
   */
  record Ended(PodProcess process, int exitCode, boolean killed) {
    boolean failed() {
      return exitCode != ExitCode.COMPLETE.code();
    }

    Blame blame() {
      return killed ? Blame.Left : Blame.of(exitCode);
    }
  }

  /**
   * Runs them to their ends. An interrupt of the calling thread asks them to stop.
   *
   * @return the process whose result becomes the pod's: the root cause of a failure, or rank 0
   * @throws RunException IO if one cannot be started
   */
  Ended run() {
    start();
    List<Ended> ended = awaitAll();
    hearLastWords();
    return ended.stream()
        .filter(Ended::failed)
        .min(Comparator.comparing(Ended::blame))
        .orElseGet(() -> first(ended));
  }

  private void start() {
    for (PodProcess each : all) {
      try {
        Process process = each.start();
        running.put(each, process);
        lines.add(RankedLines.of(each.rank(), process, log));
        LOG.info("trainer {} is process {} on GPU {}", each.rank(), process.pid(), each.gpu());
      } catch (IOException e) {
        running.values().forEach(Process::destroyForcibly);
        throw new RunException(
            ExitCode.IO,
            "trainer %d cannot be started: %s".formatted(each.rank(), e.getMessage()),
            e);
      }
    }
    running.forEach(this::tellWhenEnded);
  }

  private void tellWhenEnded(PodProcess each, Process process) {
    var unused =
        process.onExit().thenAccept(end -> endings.add(new Ended(each, end.exitValue(), false)));
  }

  /** In the order of their ends. */
  private List<Ended> awaitAll() {
    List<Ended> ended = new ArrayList<>();
    Long failedAt = null;
    boolean killed = false;
    while (!running.isEmpty()) {
      try {
        Ended next = next(killed ? null : failedAt);
        if (next == null) {
          killed = true;
          kill();
          continue;
        }
        running.remove(next.process());
        ended.add(killed ? new Ended(next.process(), next.exitCode(), true) : next);
        if (next.failed()) {
          LOG.error("trainer {} ended with exit code {}", next.process().rank(), next.exitCode());
          failedAt = failedAt == null ? Long.valueOf(System.nanoTime()) : failedAt;
        }
      } catch (InterruptedException e) {
        running.values().forEach(Process::destroy);
      }
    }
    return ended;
  }

  /** The next to end; null if none does within patience of the first failure, if there is one. */
  private Ended next(Long failedAt) throws InterruptedException {
    return failedAt == null
        ? endings.take()
        : endings.poll(patience.toNanos() - (System.nanoTime() - failedAt), TimeUnit.NANOSECONDS);
  }

  private void kill() {
    running.forEach(
        (each, process) -> {
          LOG.error(
              "trainer {} has not left {} s after another: it is killed",
              each.rank(),
              patience.toSeconds());
          process.destroyForcibly();
        });
  }

  private void hearLastWords() {
    try {
      for (RankedLines each : lines) {
        each.finish(LAST_WORDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // All have ended: nothing is left to be stopped.
    }
  }

  private Ended first(List<Ended> ended) {
    return ended.stream()
        .min(Comparator.comparingInt(one -> one.process().rank()))
        .orElseThrow(() -> new IllegalStateException("a pod without trainers"));
  }
}
