package dev.alambic.cli.conform;

import dev.alambic.cli.local.ChildProcess;
import dev.alambic.cli.local.Launcher;
import dev.alambic.cli.local.Ports;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a trainer against the run contract. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description = {
      "Start a trainer of your own, stop it, kill it and let it finish, on a short run of 64 steps"
          + " against our teacher, and report whether it keeps docs/trainer-contract.md.",
      "To its command \"train --spec FILE --port N --termination-message FILE\" is added."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:it keeps the contract", "1:it does not", "2:there is nothing to try"})
public final class ConformCommand implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int INVALID = 2;
  private static final Duration TEACHERS_END = Duration.ofSeconds(30);

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "Command that starts the trainer")
  private List<String> command;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description = "run.json of a local run, for models and data (default: ${DEFAULT-VALUE})")
  private Path run = Path.of("runs/quickstart/run.json");

  @Option(names = "--out", description = "Folder for all files (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("runs/conform");

  @Option(
      names = "--no-kill",
      description = "Leave out the SIGKILL, which a container's client does not hand on")
  private boolean noKill;

  @Option(
      names = "--minutes",
      description = "How long each of five attempts may take (default: ${DEFAULT-VALUE})")
  private int minutes = 10;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunSpec planned;
    try {
      planned = RunJson.read(Files.readString(run), RunSpec.class);
    } catch (NoSuchFileException e) {
      System.err.printf(
          "%s is not there: ./alambic run examples/quickstart.yaml makes one, or name another with"
              + " --run%n",
          run);
      return INVALID;
    } catch (IllegalArgumentException e) {
      System.err.printf("%s: %s%n", run, e.getMessage());
      return INVALID;
    }
    if (planned.teacher() == null) {
      System.err.printf("%s: it has no teacher, and the contract is about one%n", run);
      return INVALID;
    }
    return report(findings(planned));
  }

  private List<Finding> findings(RunSpec planned) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Files.createDirectories(out.toAbsolutePath()), "run-");
    List<Integer> ports = Ports.free(2);
    RunSpec spec = ShortRun.of(planned, folder, "127.0.0.1:" + ports.get(0));
    Path file = Files.writeString(folder.resolve("run.json"), RunJson.write(spec));
    Launcher launcher = Launcher.ofThisProcess();
    ChildProcess teacher =
        launcher.teacher(file, ports.get(0), ports.get(1), folder.resolve("teacher.log"));
    System.err.println("conform: files are in " + folder);
    try {
      return findings(spec, file, folder, launcher.environment());
    } finally {
      teacher.terminate();
      teacher.awaitEnd(TEACHERS_END);
    }
  }

  private List<Finding> findings(
      RunSpec spec, Path file, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    Attempts attempts = new Attempts(command, environment, folder, Duration.ofMinutes(minutes));
    Path checkpoints = Path.of(spec.checkpoint().path());
    long batch = spec.training().batchTokens();
    Attempt stopped =
        attempts.run(file, checkpoints, Attempts.Ending.Terminated, batch * ShortRun.STEPS / 4);
    Optional<Attempt> killed =
        noKill
            ? Optional.empty()
            : Optional.of(
                attempts.run(
                    file, checkpoints, Attempts.Ending.Killed, batch * ShortRun.STEPS / 2));
    Attempt finished = attempts.run(file, checkpoints, Attempts.Ending.ByItself, 0);
    Attempt again = attempts.run(file, checkpoints, Attempts.Ending.ByItself, 0);
    Path other =
        Files.writeString(
            folder.resolve("other-version.json"),
            RunJson.write(spec).replace(RunSpec.VERSION, "alambic.dev/run/v0"));
    Attempt refused = attempts.run(other, checkpoints, Attempts.Ending.ByItself, 0);
    return Contract.findings(spec, stopped, killed, finished, again, refused);
  }

  private static int report(List<Finding> findings) {
    for (Finding finding : findings) {
      String seen = finding.problem().map(problem -> ": " + problem).orElse("");
      System.out.printf(
          "%s %s %s%s%n",
          finding.problem().isEmpty() ? "ok:    " : "BROKEN:",
          finding.clause(),
          finding.what(),
          seen);
    }
    long broken = findings.stream().filter(finding -> finding.problem().isPresent()).count();
    System.out.printf("%d kept, %d broken%n", findings.size() - broken, broken);
    return broken == 0 ? 0 : BROKEN;
  }
}
