package dev.alambic.main;

import ai.djl.ndarray.NDManager;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.checkpoint.TimedCheckpoints;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.feed.Material;
import dev.alambic.feed.RolloutMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.io.FolderLock;
import dev.alambic.io.Mounted;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.StartingPoint;
import dev.alambic.model.TensorKeeper;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.Partition;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.progress.TimeSpent;
import dev.alambic.progress.TrainerMetrics;
import dev.alambic.prompt.PromptForm;
import dev.alambic.prompt.Prompts;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.tokenizer.SharedIds;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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

  /** One that was told to stop still writes a checkpoint. */
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
        : train(spec);
  }

  private int train(RunSpec spec) throws Exception {
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
    return progress.state() == State.Training || progress.state() == State.CoolingDown;
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
      return train(spec, start, board, collectives);
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

  private State train(
      RunSpec spec, StartingPoint start, ProgressBoard board, Collectives collectives) {
    board.preparing("reading " + spec.data().path());
    Path folder = Path.of(spec.student().tokenizerPath());
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      SharedVocabulary.requireAgreement(folder, tokenizer);
      DecoderConfig student = spec.student().architecture();
      SharedVocabulary.requireRows(folder, tokenizer, "the student", student);
      SharedIds ids =
          new SharedIds(
              student.vocabularySize(),
              start == null
                  ? Map.of()
                  : SharedVocabulary.differences(folder, start.folder(), tokenizer));
      Lessons lessons = inTurn(collectives, () -> lessons(spec, start, tokenizer, collectives));
      return train(spec, start, board, lessons, tokenizer, ids, collectives);
    } catch (RunException e) {
      collectives.leave(e.getMessage());
      throw e;
    }
  }

  /** The trainer of rank 0 tokenises the first window, which the others then find. */
  private static Lessons inTurn(Collectives collectives, Supplier<Lessons> work) {
    boolean first = collectives.world().rank() == 0;
    if (!first) {
      collectives.barrier();
    }
    Lessons lessons = work.get();
    if (first) {
      collectives.barrier();
    }
    return lessons;
  }

  /**
   * Reads text or prompts before a teacher is waited for: what is wrong with them is said first.
   */
  private Lessons lessons(
      RunSpec spec, StartingPoint start, Tokenizer tokenizer, Collectives collectives) {
    if (spec.rollout() == null) {
      Corpus corpus = Corpus.open(spec.data(), tokenizer, Packing.of(spec));
      return (teacher, student) -> new CorpusMaterial(spec, corpus, teacher, student, collectives);
    }
    PromptForm form =
        PromptForm.of(
            Path.of(spec.student().tokenizerPath()),
            start.folder(),
            tokenizer,
            spec.rollout().onPolicyFraction() < 1);
    int longest = spec.training().sequenceLength() - spec.rollout().maxNewTokens();
    Prompts prompts = Prompts.open(spec.data(), form, longest);
    return (teacher, student) ->
        new RolloutMaterial(spec, prompts, form.end(), teacher, student, rollouts, true);
  }

  /** What is learnt from, once teacher and student are there. */
  private interface Lessons {
    Material of(SignalSource teacher, Decoder student);
  }

  private State train(
      RunSpec spec,
      StartingPoint start,
      ProgressBoard board,
      Lessons lessons,
      Tokenizer tokenizer,
      SharedIds ids,
      Collectives collectives) {
    NDManager manager = Torch.newManager();
    Partition partition = Partition.of(spec.trainers().sharding(), collectives, manager);
    try (TeacherLink teacher = TeacherLink.open(spec, tokenizer, ids, board::waitingForTeacher);
        Decoder student = student(spec, start, manager, partition)) {
      Material material = lessons.of(teacher.signals(), student);
      StudentFingerprint fingerprint =
          StudentFingerprint.of(spec, digests(start, material, tokenizer, teacher));
      TimedCheckpoints checkpoints =
          new TimedCheckpoints(new Checkpoints(spec, fingerprint, collectives), saving);
      try (Trainer trainer =
          new Trainer(spec, student, partition, material, checkpoints, board, main.stop())) {
        return trainer.run();
      }
    } catch (InterruptedException e) {
      return State.Suspended;
    }
  }

  /** Of what the run's paths lead to. A teacher behind a server shows no weights, only its name. */
  private static Map<String, String> digests(
      StartingPoint start, Material material, Tokenizer tokenizer, TeacherLink teacher) {
    Map<String, String> digests = new TreeMap<>();
    digests.put("digest of the text", material.digest());
    digests.put("digest of the tokenizer", tokenizer.digest());
    if (start != null) {
      digests.put("digest of the weights to start from", ModelDigests.weights(start.folder()));
    }
    teacher
        .model()
        .ifPresent(
            model -> {
              digests.put("digest of the teacher's config", model.config());
              digests.put("digest of the teacher's weights", model.weights());
            });
    return digests;
  }

  /** The plan has seen to this, unless it could not read the weights to start from. */
  private static void requireContext(RunSpec spec) {
    int context = spec.student().architecture().contextLength();
    int sequence = spec.training().sequenceLength();
    if (sequence > context) {
      throw new RunException(
          ExitCode.DATA,
          "training.sequenceLength: %d is over the student's context of %d tokens"
              .formatted(sequence, context));
    }
  }

  private static Decoder student(
      RunSpec spec, StartingPoint start, NDManager manager, TensorKeeper keeper) {
    DecoderConfig shape = spec.student().architecture();
    DecoderParameters parameters =
        start == null
            ? DecoderParameters.random(manager, shape, spec.training().numerics().seed(), keeper)
            : start.load(manager, keeper);
    return new Decoder(manager, shape, parameters, spec.training().numerics().precision());
  }

  /**
   * Leaves the last progress as the termination message and beside the checkpoints, whole. How the
   * run ended is told all the same when a full or read-only volume keeps it from that.
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
