package dev.alambic.cli;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.cli.local.Continuation;
import dev.alambic.cli.local.FillProcesses;
import dev.alambic.cli.local.Interrupt;
import dev.alambic.cli.local.Launcher;
import dev.alambic.cli.local.LocalRun;
import dev.alambic.cli.local.LocalRunException;
import dev.alambic.cli.local.LocalSource;
import dev.alambic.cli.local.LocalWorld;
import dev.alambic.cli.local.RunFolder;
import dev.alambic.cli.local.StatusClient;
import dev.alambic.cli.local.StatusFile;
import dev.alambic.cli.local.TeacherProcesses;
import dev.alambic.cli.local.TrainerProcesses;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.cli.manifest.ManifestException;
import dev.alambic.cli.model.ModelFacts;
import dev.alambic.cli.report.CurvePlot;
import dev.alambic.cli.report.HtmlReport;
import dev.alambic.cli.text.RunDisplay;
import dev.alambic.cli.text.SummaryTable;
import dev.alambic.io.FolderLock;
import dev.alambic.operator.kueue.QueueName;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Offline;
import dev.alambic.operator.plan.Placement;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a DistillationJob on this machine, without a cluster. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run a DistillationJob on this machine, without a cluster.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:complete",
      "1:failed",
      "2:the manifest is invalid; one line for each problem",
      "130:suspended by Ctrl-C; the same command continues"
    })
public final class RunCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int INVALID = 2;

  @Parameters(paramLabel = "MANIFEST", description = "The job, YAML")
  private Path manifest;

  @Option(names = "--out", description = "Folder of the run (default: runs/NAME)")
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Interrupt interrupt = Interrupt.listening();
    try {
      return run(interrupt);
    } catch (ManifestException e) {
      e.problems().forEach(System.err::println);
      return INVALID;
    } catch (PlanException e) {
      e.problems().forEach(System.err::println);
      return INVALID;
    } catch (LocalRunException e) {
      System.err.println("error: " + e.getMessage());
      return FAILED;
    } finally {
      interrupt.done();
    }
  }

  private int run(Interrupt interrupt)
      throws IOException,
          InterruptedException,
          ManifestException,
          PlanException,
          LocalRunException {
    DistillationJob job = Manifest.read(manifest);
    String name = job.getMetadata().getName();
    RunFolder folder = new RunFolder((out == null ? Path.of("runs", name) : out).toAbsolutePath());
    try (FolderLock lock = folder.lock()) {
      return run(job, folder, interrupt);
    }
  }

  private int run(DistillationJob manifested, RunFolder folder, Interrupt interrupt)
      throws IOException, InterruptedException, PlanException, LocalRunException {
    DistillationJob job = manifested;
    String name = job.getMetadata().getName();
    DistillationJobSpec spec = job.getSpec();
    Path teacher =
        LocalSource.resolve(manifest, "spec.teacher.model.uri", spec.teacher().model().uri());
    Path start =
        spec.student().initFrom() == null
            ? null
            : LocalSource.resolve(
                manifest, "spec.student.initFrom.uri", spec.student().initFrom().uri());
    requireNoImage(spec);
    QueueName.of(job)
        .ifPresent(
            queue ->
                System.err.println(
                    "note: the queue " + queue + " is Kueue's, in a cluster: here nothing waits"));
    StatusFile statusFile = new StatusFile(folder.status());
    Optional<DistillationJob> before = statusFile.read();
    if (before.isPresent()) {
      job = Continuation.of(job, before.get(), folder);
    }
    Facts facts =
        new Facts(
                ModelFacts.teacher(spec.teacher(), teacher),
                ModelFacts.start(start),
                device(spec),
                null)
            .after(job.getStatus());
    RunPlan asked = Planner.plan(name, spec, facts);
    RunPlan plan = FinishRequest.isIn(job.getMetadata()) ? asked.finishingNow() : asked;

    StatusClient status = new StatusClient();
    Launcher launcher = Launcher.ofThisProcess();
    TeacherProcesses teachers =
        new TeacherProcesses(launcher, folder, status, plan.teacherReplicas());
    List<String> endpoints =
        spec.teacher().endpoint() == null
            ? teachers.endpoints()
            : List.of(spec.teacher().endpoint());
    TrainerProcesses trainer =
        new TrainerProcesses(launcher, folder, status, plan.trainers().count());
    Placement placement = placement(spec, teacher, start, folder, endpoints, trainer.addresses());
    Files.writeString(folder.runSpec(), RunJson.write(plan.toRunSpec(placement)));
    InstantSource clock = InstantSource.system();
    FillProcesses fills = new FillProcesses(launcher, folder, status, plan.teacherReplicas());
    LocalWorld world = new LocalWorld(teachers, fills, trainer, folder, clock);
    Instant started = clock.instant();
    Phase phase;
    try (RunDisplay display = RunDisplay.ofThisProcess()) {
      phase = new LocalRun(job, plan, world, statusFile, clock, interrupt, System.err).run(display);
    }
    return report(job, phase, folder, Duration.between(started, clock.instant()));
  }

  /** A key comes from the environment, which the trainer inherits; an image has nowhere to run. */
  private static void requireNoImage(DistillationJobSpec spec) throws PlanException {
    boolean image =
        spec.teacher().runtime() == TeacherRuntime.OpenAI && spec.teacher().endpoint() == null;
    if (image) {
      throw new PlanException(
          List.of(
              "spec.teacher.pod.image: a run on this machine starts no containers: start the"
                  + " server yourself and give its address in spec.teacher.endpoint"));
    }
  }

  /**
   * Teacher and trainers share the machine: the teacher gets half of it, they the other. Here a pod
   * is one process, without a GPU.
   */
  static Device device(DistillationJobSpec spec) {
    int half = Runtime.getRuntime().availableProcessors() / 2;
    return Device.cpu(Math.max(1, half / Math.max(1, Trainers.of(spec).pods())));
  }

  private Placement placement(
      DistillationJobSpec spec,
      Path teacher,
      Path start,
      RunFolder folder,
      List<String> endpoints,
      List<String> trainers)
      throws PlanException {
    Path data = LocalSource.resolve(manifest, "spec.data.uri", spec.data().uri());
    String validation = spec.data().validationUri();
    return new Placement(
        new Placement.Models(
            teacher.toString(),
            teacher.toString(),
            start == null ? null : start.toString(),
            folder.student().toString()),
        Offline.is(spec) ? List.of() : endpoints,
        new Placement.Text(
            data.toString(),
            validation == null
                ? null
                : LocalSource.resolve(manifest, "spec.data.validationUri", validation).toString(),
            folder.tokens().toString()),
        folder.checkpoints().toString(),
        trainers,
        signals(spec, folder));
  }

  /** A claim that jobs share is a folder beside theirs. */
  private static String signals(DistillationJobSpec spec, RunFolder folder) {
    if (spec.signal() == null || spec.signal().cache() == null) {
      return null;
    }
    String claim = spec.signal().cache().volume().claimName();
    return (claim == null ? folder.signals() : folder.path().resolveSibling(claim)).toString();
  }

  private static int report(DistillationJob job, Phase phase, RunFolder folder, Duration time)
      throws IOException, LocalRunException {
    if (Files.exists(folder.lastProgress())) {
      Progress last = RunJson.read(Files.readString(folder.lastProgress()), Progress.class);
      CurvePlot.write(last, folder.curve());
      String spec = StatusFile.yaml(job.getSpec());
      HtmlReport.write(last, SummaryTable.rows(last, time), spec, folder.report());
      SummaryTable.Outputs outputs =
          new SummaryTable.Outputs(
              phase == Phase.Complete ? folder.student().toString() : null,
              folder.curve().toString(),
              folder.report().toString(),
              folder.status().toString());
      System.out.print(SummaryTable.of(last, time, outputs));
    }
    if (phase == Phase.Failed) {
      throw new LocalRunException(failure(job));
    }
    if (phase == Phase.Suspended) {
      System.out.println("suspended; the same command continues from here");
      return Interrupt.EXIT_CODE;
    }
    return 0;
  }

  private static String failure(DistillationJob job) {
    return job.getStatus().conditions().stream()
        .filter(condition -> condition.getType().equals("Failed"))
        .map(condition -> condition.getMessage())
        .findFirst()
        .orElse("failed");
  }
}
