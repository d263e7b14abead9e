package dev.alambic.bench.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Servers and clients on the loopback interface that get damaged messages. */
final class NetworkTargets implements AutoCloseable {
  private final TeacherTargets teacher;
  private final ServerTargets server;

  private NetworkTargets(TeacherTargets teacher, ServerTargets server) {
    this.teacher = teacher;
    this.server = server;
  }

  static NetworkTargets open() throws IOException, InterruptedException {
    return new NetworkTargets(TeacherTargets.open(), ServerTargets.open());
  }

  List<Target> all() {
    List<Target> all = new ArrayList<>(teacher.all());
    all.addAll(server.all());
    return all;
  }

  @Override
  public void close() {
    teacher.close();
    server.close();
  }
}
