package dev.alambic.cli.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The teacher's replicas as processes; ports are theirs for the whole run. */
public final class TeacherProcesses {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Launcher launcher;
  private final RunFolder folder;
  private final StatusClient status;
  private final List<Integer> ports;
  private final List<Integer> statusPorts;
  private final List<ChildProcess> running = new ArrayList<>();

  public TeacherProcesses(Launcher launcher, RunFolder folder, StatusClient status, int replicas) {
    this.launcher = launcher;
    this.folder = folder;
    this.status = status;
    List<Integer> free = Ports.free(2 * replicas);
    this.ports = free.subList(0, replicas);
    this.statusPorts = free.subList(replicas, 2 * replicas);
  }

  /** host:port of each replica's gRPC server. */
  public List<String> endpoints() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  /** Brings the number of replicas to {@code replicas}: starts missing ones, stops the rest. */
  void scale(int replicas) throws IOException, InterruptedException {
    while (running.size() > replicas) {
      ChildProcess last = running.remove(running.size() - 1);
      last.terminate();
      last.awaitEnd(PATIENCE);
    }
    while (running.size() < replicas) {
      int next = running.size();
      running.add(
          launcher.teacher(
              folder.runSpec(), ports.get(next), statusPorts.get(next), folder.teacherLog(next)));
    }
  }

  int ready() throws InterruptedException {
    int ready = 0;
    for (int i = 0; i < running.size(); i++) {
      if (running.get(i).isAlive() && status.ready(statusPorts.get(i))) {
        ready++;
      }
    }
    return ready;
  }

  int wanted() {
    return running.size();
  }

  /** The exit code of a replica that ended by itself, if one has. */
  OptionalInt firstFailure() {
    return running.stream()
        .map(ChildProcess::exitCode)
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }
}
