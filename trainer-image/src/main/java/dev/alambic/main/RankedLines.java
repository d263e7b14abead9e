package dev.alambic.main;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The output of a trainer of a pod, each line behind its rank: the pod's log has those of all. */
final class RankedLines {
  private final int rank;
  private final BufferedReader from;
  private final PrintStream to;
  private final Thread thread = new Thread(this::copy, "lines");

  private RankedLines(int rank, BufferedReader from, PrintStream to) {
    this.rank = rank;
    this.from = from;
    this.to = to;
  }

  /** Copies the output of a process until it ends. */
  static RankedLines of(int rank, Process process, PrintStream to) {
    RankedLines lines = new RankedLines(rank, process.inputReader(StandardCharsets.UTF_8), to);
    lines.thread.setDaemon(true);
    lines.thread.start();
    return lines;
  }

  private void copy() {
    try (from) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        to.println("[" + rank + "] " + line);
      }
    } catch (IOException e) {
      to.println("[" + rank + "] cannot be heard any more: " + e);
    }
  }

  /** Waits for the last line, but not for long: what a dead process started may keep its pipe. */
  void finish(Duration patience) throws InterruptedException {
    thread.join(patience.toMillis());
  }
}
