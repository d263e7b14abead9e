package dev.alambic.cli;

import dev.alambic.api.v1alpha1.CheckpointSpec;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.DataSpec;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SaturationSpec;
import dev.alambic.api.v1alpha1.Stage;
import dev.alambic.api.v1alpha1.StudentSpec;
import dev.alambic.api.v1alpha1.TeacherSpec;
import dev.alambic.api.v1alpha1.TrainingSpec;
import dev.alambic.cli.local.ChildProcess;
import dev.alambic.cli.local.Launcher;
import dev.alambic.cli.local.LocalRunException;
import dev.alambic.cli.local.Ports;
import dev.alambic.cli.local.RunFolder;
import dev.alambic.cli.local.StatusClient;
import dev.alambic.cli.report.CurvePlot;
import dev.alambic.cli.text.RunDisplay;
import dev.alambic.cli.text.SummaryTable;
import dev.alambic.io.FolderLock;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.Placement;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes a small model from text by plain next-token training: a teacher to try distillation with,
 * and the from-scratch baseline that it is compared with. A run without a teacher.
 */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description = "Train a small model on plain text, with a tokenizer of its own.")
public final class PretrainCommand implements Callable<Integer> {
  @Option(names = "--data", required = true, description = "Text: a file or a folder")
  private Path data;

  @Option(names = "--format", description = "Text or JSONLines (default: ${DEFAULT-VALUE})")
  private DataFormat format = DataFormat.Text;

  @Option(names = "--text-field", description = "Of JSON lines (default: ${DEFAULT-VALUE})")
  private String textField = "text";

  @Option(names = "--size", required = true, description = "Parameters, such as 2M")
  private String size;

  @Option(names = "--tokens", required = true, description = "Tokens to train on, such as 1M")
  private String tokens;

  @Option(names = "--out", required = true, description = "Folder for the model")
  private Path out;

  @Option(
      names = "--vocabulary",
      description = "Tokens of the tokenizer that is learned first (default: ${DEFAULT-VALUE})")
  private int vocabulary = 2048;

  @Option(names = "--sequence-length", description = "Tokens (default: ${DEFAULT-VALUE})")
  private int sequenceLength = 128;

  @Option(names = "--batch-tokens", description = "Tokens per step, such as 4K")
  private String batchTokens;

  @Option(names = "--peak-learning-rate", description = "Such as 0.003")
  private String peakLearningRate;

  @Option(
      names = "--restart",
      description = "Restart where other settings, or other text, have left checkpoints")
  private boolean restart;

  @Option(names = "--seed", description = "(default: ${DEFAULT-VALUE})")
  private long seed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RunFolder folder = new RunFolder(out.resolveSibling(out.getFileName() + ".run"));
    Launcher launcher = Launcher.ofThisProcess();
    Path tokenizer = folder.path().resolve("tokenizer");
    try (FolderLock lock = folder.lock()) {
      if (restart) {
        Files.deleteIfExists(tokenizer.resolve("tokenizer.json"));
      }
      if (!Files.exists(tokenizer.resolve("tokenizer.json"))) {
        learnTokenizer(launcher, tokenizer);
      }
      Files.writeString(folder.runSpec(), RunJson.write(runSpec(folder, tokenizer)));
      return train(launcher, folder);
    } catch (PlanException e) {
      e.problems().forEach(System.err::println);
      return 2;
    } catch (LocalRunException e) {
      System.err.println("error: " + e.getMessage());
      return 1;
    }
  }

  private void learnTokenizer(Launcher launcher, Path tokenizer)
      throws IOException, InterruptedException, LocalRunException {
    Path log = tokenizer.resolveSibling("tokenizer.log");
    ChildProcess child =
        launcher.start(
            log,
            "tokenizer",
            "--data",
            data.toString(),
            "--format",
            format.name(),
            "--text-field",
            textField,
            "--vocabulary",
            Integer.toString(vocabulary),
            "--out",
            tokenizer.toString());
    child.awaitEnd(Duration.ofHours(1));
    LocalRunException.requireSuccess(child, "tokenizer", log);
  }

  private RunSpec runSpec(RunFolder folder, Path tokenizer) throws PlanException {
    int cpus = Runtime.getRuntime().availableProcessors();
    Facts facts =
        Facts.of(
            new Facts.Teacher(Count.parse(size), vocabulary, sequenceLength), Device.cpu(cpus));
    Placement placement =
        new Placement(
            new Placement.Models("", tokenizer.toString(), null, out.toString()),
            List.of(),
            new Placement.Text(data.toString(), null, folder.tokens().toString()),
            folder.checkpoints().toString(),
            RunSpec.Trainers.ONE.addresses(),
            null);
    return Planner.plan(out.getFileName().toString(), spec(), facts)
        .toRunSpec(placement)
        .withTeacher(null);
  }

  private DistillationJobSpec spec() {
    TrainingSpec training =
        new TrainingSpec(sequenceLength, batchTokens, peakLearningRate, null, Precision.FP32, seed);
    return new DistillationJobSpec(
        new TeacherSpec(null, null, null, null, null, null, null, null, null, null),
        new StudentSpec(size, null, null),
        tokens,
        Stage.PreTraining,
        new DataSpec(data.toString(), format, textField, null, null),
        null,
        null,
        training,
        null,
        null,
        new CheckpointSpec(null, null, null, restart),
        new SaturationSpec(SaturationAction.Continue, null),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private int train(Launcher launcher, RunFolder folder)
      throws IOException, InterruptedException, LocalRunException {
    Instant started = Instant.now();
    int port = Ports.free(1).get(0);
    ChildProcess trainer = launcher.trainer(folder.runSpec(), port, folder.trainerLog());
    Runtime.getRuntime().addShutdownHook(new Thread(trainer::terminate, "stop"));
    StatusClient status = new StatusClient();
    try (RunDisplay display = RunDisplay.ofThisProcess()) {
      while (trainer.isAlive()) {
        status.progress(port).ifPresent(display::show);
        trainer.awaitEndOr(Duration.ofMillis(300));
      }
    }
    LocalRunException.requireSuccess(trainer, "trainer", folder.trainerLog());
    Progress last = RunJson.read(Files.readString(folder.lastProgress()), Progress.class);
    CurvePlot.write(last, folder.curve());
    System.out.print(
        SummaryTable.of(
            last,
            Duration.between(started, Instant.now()),
            new SummaryTable.Outputs(out.toString(), folder.curve().toString(), null, null)));
    return 0;
  }
}
