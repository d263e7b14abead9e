package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.http.StatusServer;
import dev.alambic.io.FolderLock;
import dev.alambic.io.Mounted;
import dev.alambic.model.StartingPoint;
import dev.alambic.parallel.Collectives;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.progress.TimeSpent;
import dev.alambic.progress.TrainerMetrics;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Trains the student of a run specification. */
@Command(name = "train", description = "Train the student of a run")
final class TrainCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

  @ParentCommand private Main main;
  @Mixin private SpecOption specOption;
  @Mixin private RankOption rankOption;

  @Option(names = "--port", description = "HTTP port (default: ${DEFAULT-VALUE})")
  private int port = 8080;

  @Option(
      names = "--termination-message",
      description = "Where the last progress is written, without its curve")
  private Path terminationMessage;

  /** One that was asked to stop still writes a checkpoint. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final TimeSpent rollouts = new TimeSpent();
  private final TimeSpent saving = new TimeSpent();

  @Override
  public Integer call() throws Exception {
    RunSpec spec = specOption.read();
    return rankOption.isPod(spec)
        ? new PodTrainers(specOption.file(), rankOption.rank(), port)
            .run(spec.trainers(), terminationMessage)
        : serveAndTrain(spec);
  }

  private int serveAndTrain(RunSpec spec) throws Exception {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    try (PodMetrics metrics = new PodMetrics();
        StatusServer server = serve(board, metrics)) {
      State end = train(spec, board);
      board.ended(end, null);
      return (end == State.Complete ? ExitCode.COMPLETE : ExitCode.TRY_AGAIN).code();
    } catch (Exception e) {
      board.ended(State.Failed, FailureReport.message(e));
      throw e;
    } finally {
      report(spec, board.latest());
    }
  }

  private StatusServer serve(ProgressBoard board, PodMetrics metrics) {
    TrainerMetrics.bind(metrics.registry(), board::latest, rollouts, saving);
    return metrics
        .on(new StatusServer(port))
        .serve("/progress", "application/json", () -> true, () -> RunJson.write(board.latest()))
        .serve("/readyz", "text/plain", () -> ready(board.latest()), () -> "")
        .start();
  }

  private static boolean ready(Progress progress) {
    return progress.stage().state() == State.Training
        || progress.stage().state() == State.CoolingDown;
  }

  private State train(RunSpec planned, ProgressBoard board) {
    StartingPoint start =
        planned.student().initFrom() == null
            ? null
            : StartingPoint.of(planned.student().initFrom());
    RunSpec spec = start == null ? planned : planned.withArchitecture(start.shape());
    requireContext(spec);
    rankOption.check(spec);
    board.preparing("starting the engine");
    Torch.start(spec.threads());
    try (FolderLock lock = lock(spec, board);
        Collectives collectives = rankOption.meet(spec, board::preparing)) {
      return new StudentTraining(spec, start, board, collectives, rollouts, saving, main.stop())
          .run();
    } catch (InterruptedException e) {
      return State.Suspended;
    }
  }

  /**
   * The first trainer keeps the checkpoints to itself and its companions: one of a lost node, or of
   * a run that was killed, may still write them, and is waited for. Null for the others.
   *
   * @throws RunException TRY_AGAIN, naming the process that holds them
   */
  private FolderLock lock(RunSpec spec, ProgressBoard board) throws InterruptedException {
    if (rankOption.rank() > 0) {
      return null;
    }
    Path folder = Path.of(spec.checkpoint().path());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return FolderLock.take(folder);
      } catch (RunException e) {
        if (e.exitCode() != ExitCode.TRY_AGAIN || System.nanoTime() > end) {
          throw e;
        }
        board.preparing("waiting: " + e.getMessage());
        Thread.sleep(LOOK.toMillis());
      }
    }
  }

  /** The plan has seen to this, unless it could not read the weights to start from. */
  private static void requireContext(RunSpec spec) {
    int context = spec.student().architecture().positions().contextLength();
    int sequence = spec.training().sequenceLength();
    if (sequence > context) {
      throw new RunException(
          ExitCode.DATA,
          "training.sequenceLength: %d is over the student's context of %d tokens"
              .formatted(sequence, context));
    }
  }

  /**
   * Leaves the last progress as the termination message and beside the checkpoints, whole. How the
   * run ended is reported even when a full or read-only volume prevents that.
   */
  private void report(RunSpec spec, Progress last) {
    try {
      if (terminationMessage != null) {
        Files.writeString(terminationMessage, RunJson.write(last.brief()));
      }
      if (rankOption.rank() > 0) {
        return;
      }
      Path folder = Files.createDirectories(Mounted.writable(Path.of(spec.checkpoint().path())));
      Path aside = Mounted.writable(folder.resolve(".progress.json"));
      Files.writeString(aside, RunJson.write(last));
      Files.move(aside, folder.resolve("progress.json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RunException e) {
      LOG.warn("the last progress cannot be left behind: {}", e.toString());
    }
  }
}
