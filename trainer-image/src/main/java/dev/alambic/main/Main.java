package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.run.Neutral;
import dev.alambic.run.Version;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * What runs in the pods: {@code train}, {@code teacher}, {@code fill}; beside them {@code
 * tokenizer}, {@code generate}, {@code annotate} and {@code signals}.
 */
@Command(
    name = "alambic",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Teachers, trainers and models.",
    commandListHeading = "%nModels, and what runs in the pods:%n",
    subcommands = {
      TrainCommand.class,
      TeacherCommand.class,
      FillCommand.class,
      TokenizerCommand.class,
      GenerateCommand.class,
      AnnotateCommand.class,
      SignalsCommand.class,
      GenerateCompletion.class
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
    commands.getCommandSpec().version("alambic " + Version.current());
    commands
        .getSubcommands()
        .get("generate-completion")
        .getCommandSpec()
        .usageMessage()
        .hidden(true);
    commands.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.mixinStandardHelpOptions())
        .forEach(command -> command.mixinStandardHelpOptions(true));
    commands.setExecutionExceptionHandler(new FailureReport());
    int exitCode = commands.execute(arguments);
    main.stop.ended(exitCode);
    System.exit(exitCode);
  }
}
