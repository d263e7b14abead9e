package dev.alambic.cli;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.ModelSource;
import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.cli.local.LocalSource;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.cli.manifest.ManifestException;
import dev.alambic.cli.model.ModelFacts;
import dev.alambic.cli.plan.PlanReport;
import dev.alambic.cli.plan.PlanText;
import dev.alambic.cli.scaling.Cluster;
import dev.alambic.cli.scaling.ScalingTable;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a job would take, without running anything. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Print what a DistillationJob would need, without running anything.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:there is a plan", "2:there is none; one line for each problem"})
public final class PlanCommand implements Callable<Integer> {
  private static final int INVALID = 2;

  /** Parameters of a student that is too large to train on one GPU. */
  private static final long LARGE = 1_000_000_000;

  @Parameters(paramLabel = "MANIFEST", description = "The job, YAML")
  private Path manifest;

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private OutputFormat output = OutputFormat.text;

  @Option(
      names = "--utilization",
      description = "Share of a GPU's peak that matrix products reach (default: ${DEFAULT-VALUE})")
  private double utilization = 0.4;

  @Option(
      names = "--gpu-tflops",
      description =
          "A GPU's dense bf16 peak, 10^12 operations a second (default: ${DEFAULT-VALUE}, an"
              + " H100's)")
  private double gpuTflops = 989;

  @Option(
      names = "--network-gbits",
      description =
          "Network between nodes, for each of a node's GPUs, 10^9 bits a second (default:"
              + " ${DEFAULT-VALUE})")
  private double networkGbits = 400;

  @Option(
      names = "--scaling",
      negatable = true,
      description =
          "Calculate step times on 8 to 512 H100s (default: for students of 1B parameters or more)")
  private Boolean scaling;

  @Override
  public Integer call() throws IOException {
    try {
      PlanReport report = report(Manifest.read(manifest));
      System.out.print(
          output == OutputFormat.json ? RunJson.write(report) + "\n" : PlanText.of(report));
      return 0;
    } catch (ManifestException e) {
      e.problems().forEach(System.err::println);
    } catch (PlanException e) {
      e.problems().forEach(System.err::println);
    }
    return INVALID;
  }

  /** What is printed. */
  PlanReport report(DistillationJob job) throws PlanException {
    requirePositive("--utilization", utilization, 1);
    requirePositive("--gpu-tflops", gpuTflops, 1e6);
    requirePositive("--network-gbits", networkGbits, 1e6);
    DistillationJobSpec spec = job.getSpec();
    Facts facts = facts(spec);
    RunPlan plan = Planner.plan(job.getMetadata().getName(), spec, facts);
    PlanReport report =
        PlanReport.of(plan, spec, facts.teacher(), new PlanReport.Machine(utilization, gpuTflops));
    return scales(plan)
        ? report.withScaling(
            ScalingTable.of(plan, report.teacher().parameters(), cluster(), utilization))
        : report;
  }

  private boolean scales(RunPlan plan) throws PlanException {
    boolean answers = plan.unplaced().rollout() != null;
    if (answers && Boolean.TRUE.equals(scaling)) {
      throw new PlanException(
          List.of(
              "--scaling: a step of stage PostTraining, which answers first, is not calculated"));
    }
    boolean large = plan.architecture().parameters() >= LARGE;
    return Objects.requireNonNullElse(scaling, large && !answers);
  }

  private Cluster cluster() {
    Cluster h100 = Cluster.H100;
    return new Cluster(
        h100.gpu().withBf16(gpuTflops * 1e12),
        h100.gpusPerNode(),
        h100.linkBandwidth(),
        networkGbits * 1e9 / Byte.SIZE);
  }

  /** What lies on a claim cannot be read from here: the spec speaks for it. */
  private Facts facts(DistillationJobSpec spec) throws PlanException {
    Path teacher = folder("spec.teacher.model.uri", spec.teacher().model().uri());
    ModelSource from = spec.student().initFrom();
    Path start = from == null ? null : folder("spec.student.initFrom.uri", from.uri());
    PodOverrides pod = spec.trainer() == null ? null : spec.trainer().pod();
    Device device = teacher == null ? Device.of(pod) : RunCommand.device(spec);
    return new Facts(
        ModelFacts.teacher(spec.teacher(), teacher), ModelFacts.start(start), device, null);
  }

  private Path folder(String field, String uri) throws PlanException {
    return LocalSource.isFile(uri) ? LocalSource.resolve(manifest, field, uri) : null;
  }

  private static void requirePositive(String option, double value, double most)
      throws PlanException {
    if (!(value > 0 && value <= most)) {
      throw new PlanException(
          List.of(option + ": " + value + " must be above 0 and at most " + most));
    }
  }
}
