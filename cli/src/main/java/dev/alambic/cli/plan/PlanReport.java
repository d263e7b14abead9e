package dev.alambic.cli.plan;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.cli.scaling.ScalingTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Advice;
import dev.alambic.operator.plan.ComputeRatio;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.MemoryEstimate;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.SaturationPoints;
import dev.alambic.operator.plan.SizeRule;
import dev.alambic.run.RunSpec;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job would take and is expected to bring, before anything runs: its plan in numbers.
 *
 * @param student the shape that is trained
 * @param training batches, steps and schedule
 * @param memory of one trainer device, in bytes, by what it is spent on
 * @param scaling step times on more and more GPUs; null if not requested
 */
@RecordBuilder
public record PlanReport(
    String job,
    Student student,
    Teacher teacher,
    RunSpec.Training training,
    MemoryEstimate memory,
    long memoryBytes,
    Pods pods,
    Compute compute,
    Signal signal,
    Saturation saturation,
    ScalingTable scaling,
    List<String> advice)
    implements PlanReportBuilder.With {

  /** What the reader takes a GPU for. */
  public record Machine(double utilization, double gpuTflops) {}

  /** The student. */
  public record Student(long parameters, long embeddingParameters, DecoderConfig architecture) {}

  /**
   * The teacher.
   *
   * @param parameters null if not known
   * @param endpoint of a server that exists already, or null
   * @param assumed what is not known of it and taken from the spec or from Gemma 2
   */
  public record Teacher(
      Long parameters,
      int vocabularySize,
      TeacherRuntime runtime,
      String endpoint,
      List<String> assumed) {}

  /** Pods, and GPUs over all of a kind. */
  public record Pods(int trainers, int trainerGpus, int teachers, int teacherGpus) {}

  /**
   * Arithmetic, by {@link ComputeRatio}.
   *
   * @param teacherPerTrainer teacher GPUs per trainer GPU at which neither waits; null if the
   *     teacher's size is not known
   * @param teacherGpuHours null if the teacher's size is not known
   * @param hours null without GPUs on both sides: the slower side's
   * @param tokensPerSecond null like {@code hours}
   */
  public record Compute(
      double utilization,
      double gpuTflops,
      int studentFlopsPerParameterAndToken,
      Double teacherPerTrainer,
      double trainerGpuHours,
      Double teacherGpuHours,
      Double hours,
      Double tokensPerSecond) {}

  /**
   * The teacher's words.
   *
   * @param bytesPerToken as docs/signal-format.md has it; of Sampled by the distinct ids that were
   *     measured
   * @param bytes over the whole budget: on the wire, or on disk if they were kept
   * @param bytesPerSecond on the wire; null where the speed is not known
   */
  public record Signal(
      SignalEncoding encoding,
      int size,
      double bytesPerToken,
      double bytes,
      Double bytesPerSecond) {}

  /** Where more tokens are expected to bring little, each with its source. */
  public record Saturation(
      long expectedTokens, String expectedBy, SizeRule sizeRule, String sizeRuleBy) {}

  /** 12.8 distinct ids of 50 draws, of a distribution of 2.1 nats (docs/signal-format.md). */
  private static final double DISTINCT_SHARE = 12.8 / 50;

  /** Of an id's count, in the same measurement. */
  private static final double COUNT_BITS = 2.94;

  private static final double SECONDS_PER_HOUR = 3600;
  private static final double SIGNAL_HEADER_BYTES = 64;
  private static final double SIGNAL_POSITION_BYTES = 4;

  /** The report of a plan that was made of this spec and these facts. */
  public static PlanReport of(
      RunPlan plan, DistillationJobSpec spec, Facts.Teacher facts, Machine machine) {
    Teacher teacher = teacher(plan, spec, facts);
    Pods pods = pods(plan);
    Compute compute = compute(plan, teacher, pods, machine);
    long parameters = plan.architecture().parameters();
    long named = spec.student().size() == null ? parameters : Count.parse(spec.student().size());
    return new PlanReport(
        plan.unplaced().job(),
        new Student(parameters, plan.architecture().embeddingParameters(), plan.architecture()),
        teacher,
        plan.training(),
        plan.memory(),
        plan.memory().total(),
        pods,
        compute,
        signal(plan, compute.tokensPerSecond()),
        new Saturation(
            plan.expectedSaturationTokens(),
            SaturationPoints.SOURCE,
            SizeRule.of(named),
            SizeRule.SOURCE),
        null,
        plan.advice().stream().map(Advice::message).toList());
  }

  private static Teacher teacher(RunPlan plan, DistillationJobSpec spec, Facts.Teacher facts) {
    List<String> assumed = new ArrayList<>();
    String size = spec.teacher().size();
    if (facts.parameters() == null) {
      assumed.add(size == null ? "parameters: not known" : "parameters: spec.teacher.size");
    }
    if (facts.vocabularySize() == null) {
      assumed.add(
          "vocabulary: "
              + (spec.teacher().vocabularySize() == null
                  ? "Gemma 2's"
                  : "spec.teacher.vocabularySize"));
    }
    Long said = size == null ? null : Long.valueOf(Count.parse(size));
    return new Teacher(
        facts.parameters() == null ? said : facts.parameters(),
        plan.architecture().vocabulary().size(),
        plan.unplaced().teacher().runtime(),
        spec.teacher().endpoint(),
        List.copyOf(assumed));
  }

  private static Pods pods(RunPlan plan) {
    return new Pods(
        plan.trainers().pods(),
        plan.gpus().trainer(),
        plan.teacherReplicas(),
        plan.gpus().teacher());
  }

  private static Compute compute(RunPlan plan, Teacher teacher, Pods pods, Machine machine) {
    int flops = ComputeRatio.studentFlops(plan);
    double studentFlops = (double) flops * plan.architecture().parameters();
    double perGpuHour = machine.utilization() * machine.gpuTflops() * 1e12 * SECONDS_PER_HOUR;
    double tokens = plan.training().tokenBudget();
    double trainerHours = studentFlops * tokens / perGpuHour;
    Double teacherFlops =
        teacher.parameters() == null
            ? null
            : (double) ComputeRatio.TEACHER_FLOPS * teacher.parameters();
    Double teacherHours = teacherFlops == null ? null : teacherFlops * tokens / perGpuHour;
    Double hours =
        teacherHours == null || pods.trainerGpus() == 0 || pods.teacherGpus() == 0
            ? null
            : Double.valueOf(
                Math.max(trainerHours / pods.trainerGpus(), teacherHours / pods.teacherGpus()));
    return new Compute(
        machine.utilization(),
        machine.gpuTflops(),
        flops,
        teacherFlops == null ? null : teacherFlops / studentFlops,
        trainerHours,
        teacherHours,
        hours,
        hours == null ? null : tokens / (hours * SECONDS_PER_HOUR));
  }

  private static Signal signal(RunPlan plan, Double tokensPerSecond) {
    RunSpec.Signal signal = plan.unplaced().signal();
    double body = bitsPerToken(signal, plan.architecture().vocabulary().size()) / Byte.SIZE;
    double bytes =
        SIGNAL_POSITION_BYTES + body + SIGNAL_HEADER_BYTES / plan.training().sequenceLength();
    return new Signal(
        signal.encoding(),
        signal.size(),
        bytes,
        bytes * plan.training().tokenBudget(),
        tokensPerSecond == null ? null : bytes * tokensPerSecond);
  }

  private static double bitsPerToken(RunSpec.Signal signal, int vocabulary) {
    return switch (signal.encoding()) {
      case Dense -> (double) Float.SIZE * vocabulary;
      case TopK ->
          (double) Math.min(vocabulary, signal.size()) * (bits(vocabulary) + Short.SIZE)
              + Short.SIZE;
      case Sampled ->
          Math.min(vocabulary, Math.max(1, DISTINCT_SHARE * signal.size()))
              * (bits(vocabulary) + COUNT_BITS);
      case Label -> 0;
    };
  }

  /** Bits of a number below this. */
  private static int bits(int bound) {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(bound - 1));
  }
}
