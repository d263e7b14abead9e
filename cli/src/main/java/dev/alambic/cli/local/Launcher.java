package dev.alambic.cli.local;

import dev.alambic.operator.token.RandomToken;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code alambic} script, which starts teachers and trainers. */
public final class Launcher {
  private final Path script;
  private final String teacherToken;

  /**
   * The script.
   *
   * @param teacherToken that the teachers started here demand and the trainers show: other users of
   *     this machine reach its loopback interface. In the environment they do not see it, in
   *     arguments they would
   */
  Launcher(Path script, String teacherToken) {
    this.script = script;
    this.teacherToken = teacherToken;
  }

  /** The script that started this process, with a token of its own. */
  public static Launcher ofThisProcess() {
    String script = System.getenv("ALAMBIC_LAUNCHER");
    if (script == null) {
      throw new IllegalStateException("ALAMBIC_LAUNCHER is not set: start with ./alambic");
    }
    return new Launcher(Path.of(script), new RandomToken().get());
  }

  /** Starts a trainer that answers on {@code port}. */
  public ChildProcess trainer(Path runSpec, int port, Path log) throws IOException {
    return start(log, "train", "--spec", runSpec.toString(), "--port", Integer.toString(port));
  }

  /** Starts one of several trainers, which answers on {@code port}. */
  public ChildProcess trainer(Path runSpec, int rank, int port, Path log) throws IOException {
    return start(
        log,
        "train",
        "--spec",
        runSpec.toString(),
        "--rank",
        Integer.toString(rank),
        "--port",
        Integer.toString(port));
  }

  /** Starts a teacher that answers gRPC on {@code port} and HTTP on {@code statusPort}. */
  public ChildProcess teacher(Path runSpec, int port, int statusPort, Path log) throws IOException {
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
  public ChildProcess start(Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return ChildProcess.start(command, environment(), log);
  }

  /** What teachers and trainers have beside this process's own environment. */
  public Map<String, String> environment() {
    return Map.of(RunSpec.TEACHER_TOKEN_VARIABLE, teacherToken);
  }
}
