package dev.alambic.operator.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code alambic} script, which starts teachers and trainers.
 *
 * @param script its path
 */
record Launcher(Path script) {
  /** The script that started this process. */
  static Launcher ofThisProcess() {
    String script = System.getenv("ALAMBIC_LAUNCHER");
    if (script == null) {
      throw new IllegalStateException("ALAMBIC_LAUNCHER is not set: start with ./alambic");
    }
    return new Launcher(Path.of(script));
  }

  /** Starts a trainer that answers on {@code port}. */
  ChildProcess trainer(Path runSpec, int port, Path log) throws IOException {
    return start(log, "train", "--spec", runSpec.toString(), "--port", Integer.toString(port));
  }

  /** Starts a teacher that answers gRPC on {@code port} and HTTP on {@code statusPort}. */
  ChildProcess teacher(Path runSpec, int port, int statusPort, Path log) throws IOException {
    return start(
        log,
        "teacher",
        "--spec",
        runSpec.toString(),
        "--port",
        Integer.toString(port),
        "--status-port",
        Integer.toString(statusPort));
  }

  /** Starts what fills one shard of a signal cache and answers HTTP on {@code port}. */
  ChildProcess fill(Path runSpec, int shard, int shards, int port, Path log) throws IOException {
    return start(
        log,
        "fill",
        "--spec",
        runSpec.toString(),
        "--shard",
        Integer.toString(shard),
        "--shards",
        Integer.toString(shards),
        "--port",
        Integer.toString(port));
  }

  /** Starts any command of the trainer image. */
  ChildProcess start(Path log, String... arguments) throws IOException {
    return ChildProcess.start(script, List.of(arguments), log);
  }
}
