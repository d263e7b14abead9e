package dev.alambic.bench.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every parser of what comes from outside: files of users, pods' answers, servers' answers. */
final class Targets implements AutoCloseable {
  private final List<Target> all = new ArrayList<>();
  private final NetworkTargets network;

  private Targets(NetworkTargets network) {
    this.network = network;
  }

  /**
   * Prepares all parsers.
   *
   * @param folder where their files are written
   */
  static Targets open(Path folder) throws IOException, InterruptedException {
    Targets targets = new Targets(NetworkTargets.open());
    targets.all.addAll(ManifestTargets.of(folder.resolve("manifest")));
    targets.all.addAll(ModelTargets.of(folder.resolve("model")));
    targets.all.addAll(TokenizerTargets.of(folder.resolve("tokenizer")));
    targets.all.addAll(DataTargets.of(folder.resolve("data")));
    targets.all.addAll(SignalTargets.of(folder.resolve("signal")));
    targets.all.addAll(targets.network.all());
    return targets;
  }

  List<Target> all() {
    return all;
  }

  @Override
  public void close() {
    network.close();
  }
}
