package dev.alambic.bench.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every parser of what comes from outside: files of users, pods' answers, servers' answers. */
final class Targets implements AutoCloseable {
  /** Servers and clients on the loopback interface that get damaged messages. */
  private final TeacherTargets teacher = TeacherTargets.open();

  private final ServerTargets server = ServerTargets.open();
  private final List<Target> all;

  /**
   * Prepares all parsers.
   *
   * @param folder where their files are written
   */
  Targets(Path folder) throws IOException, InterruptedException {
    all =
        Stream.of(
                ManifestTargets.of(folder.resolve("manifest")),
                ModelTargets.of(folder.resolve("model")),
                TokenizerTargets.of(folder.resolve("tokenizer")),
                DataTargets.of(folder.resolve("data")),
                SignalTargets.of(folder.resolve("signal")),
                teacher.all(),
                server.all())
            .flatMap(List::stream)
            .toList();
  }

  List<Target> all() {
    return all;
  }

  @Override
  public void close() {
    teacher.close();
    server.close();
  }
}
