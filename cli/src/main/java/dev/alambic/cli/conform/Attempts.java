package dev.alambic.cli.conform;

import dev.alambic.cli.local.ChildProcess;
import dev.alambic.cli.local.Ports;
import dev.alambic.cli.local.StatusClient;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts a trainer, watches it, and ends it as is asked. */
final class Attempts {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** A trainer that was asked to stop has as long as its pod would have. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path folder;
  private final Duration patience;
  private final StatusClient client = new StatusClient();

  /**
   * A trainer.
   *
   * @param command what starts it, without the contract's arguments
   * @param folder for its log and its termination message
   * @param patience how long an attempt may take
   */
  Attempts(List<String> command, Map<String, String> environment, Path folder, Duration patience) {
    this.command = command;
    this.environment = environment;
    this.folder = folder;
    this.patience = patience;
  }

  /** How an attempt is ended once it has trained on more tokens than asked. */
  enum Ending {
    ByItself,
    Terminated,
    Killed
  }

  /**
   * One attempt.
   *
   * @param checkpoints the folder beside which it leaves its progress
   * @param tokens that it must have trained on before it is ended
   */
  Attempt run(Path spec, Path checkpoints, Ending ending, long tokens)
      throws IOException, InterruptedException {
    Path message = folder.resolve("termination-message");
    Files.deleteIfExists(message);
    Files.deleteIfExists(checkpoints.resolve("progress.json"));
    int port = Ports.free(1).get(0);
    ChildProcess process =
        ChildProcess.start(
            arguments(spec, port, message), environment, folder.resolve("trainer.log"));
    Watch watch = new Watch(port);
    try {
      watch.until(process, ending == Ending.ByItself ? Long.MAX_VALUE : tokens);
      end(process, ending);
    } finally {
      process.awaitEnd(Duration.ZERO);
    }
    return new Attempt(
        watch.healthy,
        List.copyOf(watch.said),
        Optional.ofNullable(watch.ill),
        watch.readyOutOfTraining,
        watch.inTime ? process.exitCode().orElseThrow() : null,
        progress(checkpoints.resolve("progress.json")),
        Files.exists(message) ? (int) Files.size(message) : 0,
        progress(message));
  }

  private List<String> arguments(Path spec, int port, Path message) {
    List<String> arguments = new ArrayList<>(command);
    arguments.add("train"); // as the pod's arguments are: an image may do more than train
    arguments.addAll(List.of("--spec", spec.toString()));
    arguments.addAll(List.of("--port", Integer.toString(port)));
    arguments.addAll(List.of("--termination-message", message.toString()));
    return arguments;
  }

  private static void end(ChildProcess process, Ending ending) throws InterruptedException {
    if (ending == Ending.Killed) {
      process.kill();
    } else if (ending == Ending.Terminated) {
      process.terminate();
      process.awaitEndOr(GRACE);
    }
  }

  private static Optional<Progress> progress(Path file) throws IOException {
    try {
      return Files.exists(file)
          ? Optional.of(RunJson.read(Files.readString(file), Progress.class))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Looks at one attempt until it has ended, or has trained on enough. */
  private final class Watch {
    private final int port;
    private final long end = System.nanoTime() + patience.toNanos();
    private final List<Progress> said = new ArrayList<>();
    private boolean healthy;
    private boolean readyOutOfTraining;
    private boolean inTime = true;
    private String ill;

    Watch(int port) {
      this.port = port;
    }

    void until(ChildProcess process, long tokens) throws InterruptedException {
      while (process.isAlive() && !hasTrainedOn(tokens)) {
        if (System.nanoTime() - end > 0) {
          inTime = false;
          return;
        }
        look();
        Thread.sleep(LOOK.toMillis());
      }
    }

    private boolean hasTrainedOn(long tokens) {
      return !said.isEmpty() && last().position().tokens() >= tokens;
    }

    private void look() throws InterruptedException {
      healthy |= client.healthy(port);
      boolean ready = client.ready(port);
      boolean madeSteps = makesSteps();
      try {
        client
            .progress(port)
            .filter(progress -> said.isEmpty() || !last().equals(progress))
            .ifPresent(said::add);
      } catch (IllegalArgumentException e) {
        ill = e.getMessage();
      }
      // It may have begun or ended between the answers: wrong is what fits neither.
      readyOutOfTraining |= ready && !said.isEmpty() && !madeSteps && !makesSteps();
    }

    private boolean makesSteps() {
      return !said.isEmpty() && Attempt.makesSteps(last());
    }

    private Progress last() {
      return said.get(said.size() - 1);
    }
  }
}
