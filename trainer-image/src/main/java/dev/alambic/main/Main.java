package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.run.Neutral;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What runs in the pods: {@code train}, {@code teacher}, {@code fill}; beside them {@code
 * tokenizer}, {@code generate}, {@code annotate} and {@code signals}.
 */
@Command(
    name = "alambic-trainer",
    mixinStandardHelpOptions = true,
    version = "0.1.0",
    subcommands = {
      TrainCommand.class,
      TeacherCommand.class,
      FillCommand.class,
      TokenizerCommand.class,
      GenerateCommand.class,
      AnnotateCommand.class,
      SignalsCommand.class
    })
public final class Main {
  private final StopSignal stop = new StopSignal(Thread.currentThread());

  private Main() {}

  StopSignal stop() {
    return stop;
  }

  /**
   * A process that a command on a user's machine started ends with that command, even if it was
   * killed: as if it had been asked to stop.
   */
  private static void endWithParent() {
    if (System.getenv("ALAMBIC_CHILD") != null) {
      ProcessHandle.current()
          .parent()
          .ifPresent(
              parent -> {
                var unused = parent.onExit().thenRun(() -> System.exit(ExitCode.TRY_AGAIN.code()));
              });
    }
  }

  /** Runs a command; its exit code is the run contract's. */
  public static void main(String[] arguments) {
    Neutral.language();
    Main main = new Main();
    endWithParent();
    CommandLine commands = new CommandLine(main);
    commands.setExecutionExceptionHandler(new FailureReport());
    int exitCode = commands.execute(arguments);
    main.stop.ended(exitCode);
    System.exit(exitCode);
  }
}
