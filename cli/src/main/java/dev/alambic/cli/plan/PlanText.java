package dev.alambic.cli.plan;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.cli.text.FactTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.MemoryEstimate;
import dev.alambic.operator.plan.SizeRule;
import dev.alambic.run.RunSpec;
import java.util.Locale;

/** A report for people: one fact a line, then the advice. */
public final class PlanText {
  private final FactTable rows = new FactTable();
  private final PlanReport report;

  private PlanText(PlanReport report) {
    this.report = report;
  }

  /** The text, its last line ended. */
  public static String of(PlanReport report) {
    PlanText text = new PlanText(report);
    text.models();
    text.training();
    text.machines();
    text.signal();
    text.saturation();
    StringBuilder all = new StringBuilder(text.rows.print());
    if (report.scaling() != null) {
      all.append('\n').append(ScalingText.of(report.scaling())).append('\n');
    }
    report.advice().forEach(advice -> all.append("advice: ").append(advice).append('\n'));
    return all.toString();
  }

  private void models() {
    DecoderConfig shape = report.student().architecture();
    rows.add("job", report.job());
    rows.add(
        "student",
        text(
            "%s parameters, %s of them embedding",
            Count.format(report.student().parameters()),
            Count.format(report.student().embeddingParameters())));
    rows.add(
        "shape",
        text(
            "%d layers of width %d, %d heads of %d (%d of keys and values), feed-forward %d,"
                + " vocabulary %d, context %d",
            shape.layers(),
            shape.hiddenSize(),
            shape.attention().heads(),
            shape.attention().headSize(),
            shape.attention().keyValueHeads(),
            shape.feedForward().size(),
            shape.vocabulary().size(),
            shape.positions().contextLength()));
    PlanReport.Teacher teacher = report.teacher();
    rows.add(
        "teacher",
        (teacher.parameters() == null ? "?" : Count.format(teacher.parameters()))
            + " parameters, "
            + server(teacher)
            + (teacher.assumed().isEmpty()
                ? ""
                : "; not read, assumed: " + String.join(", ", teacher.assumed())));
  }

  private static String server(PlanReport.Teacher teacher) {
    return teacher.runtime() == TeacherRuntime.Builtin
        ? "served by Alambic"
        : "served by "
            + (teacher.endpoint() == null ? "the image of spec.teacher.pod" : teacher.endpoint())
            + " (runtime "
            + teacher.runtime()
            + ")";
  }

  private void training() {
    RunSpec.Training training = report.training();
    rows.add("tokens", Count.format(training.tokenBudget()));
    rows.add(
        "steps",
        text(
            "%d of %s tokens (%d sequences of %d); %d of warm-up, %d of decay",
            training.steps(),
            Count.format(training.batchTokens()),
            training.batchSequences(),
            training.sequenceLength(),
            training.rate().warmupSteps(),
            training.rate().decaySteps()));
    rows.add(
        "rate",
        text(
            "%.3g at its peak, %s, %s",
            training.rate().peakLearningRate(),
            training.rate().schedule(),
            training.numerics().precision()));
    MemoryEstimate memory = report.memory();
    rows.add(
        "memory",
        text(
            "%s a trainer: weights %s, copies %s, gradients %s, optimizer %s,"
                + " average and a checkpoint's copy in the host's memory %s, activations %s"
                + " (%d sequences at a time%s), logits %s",
            bytes((double) report.memoryBytes()),
            bytes((double) memory.device().weights()),
            bytes((double) memory.device().copies()),
            bytes((double) memory.device().gradients()),
            bytes((double) memory.device().optimizer()),
            bytes((double) memory.host().total()),
            bytes((double) memory.device().activations()),
            training.microBatchSequences(),
            training.numerics().recomputeActivations() ? ", recomputed" : "",
            bytes((double) memory.device().logits())));
  }

  private void machines() {
    PlanReport.Pods pods = report.pods();
    PlanReport.Compute compute = report.compute();
    rows.add(
        "pods",
        text(
            "%d trainer (%d GPUs), %d teacher (%d GPUs)",
            pods.trainers(), pods.trainerGpus(), pods.teachers(), pods.teacherGpus()));
    rows.add(
        "balance",
        compute.teacherPerTrainer() == null
            ? "not known: the teacher's size is not"
            : text(
                "%.2g teacher GPUs for each trainer GPU (2 operations a teacher's parameter,"
                    + " %d a student's)",
                compute.teacherPerTrainer(), compute.studentFlopsPerParameterAndToken()));
    rows.add(
        "GPU-hours",
        text(
            "%s of trainers, %s of teachers, at %.0f %% of %.0f TFLOP/s",
            hours(compute.trainerGpuHours()),
            compute.teacherGpuHours() == null ? "?" : hours(compute.teacherGpuHours()),
            100 * compute.utilization(),
            compute.gpuTflops()));
    rows.add(
        "time",
        compute.hours() == null
            ? null
            : text(
                "%s hours at %s tokens/s",
                hours(compute.hours()), Count.format(Math.round(compute.tokensPerSecond()))));
  }

  private void signal() {
    PlanReport.Signal signal = report.signal();
    rows.add(
        "signal",
        text(
            "%s of %d%s, about %s a token: %s over the budget, on the wire or kept on disk%s",
            signal.encoding(),
            signal.size(),
            signal.encoding() == SignalEncoding.TopK ? " (biased)" : "",
            bytes(signal.bytesPerToken()),
            bytes(signal.bytes()),
            signal.bytesPerSecond() == null
                ? ""
                : "; " + bytes(signal.bytesPerSecond()) + " a second"));
  }

  private void saturation() {
    PlanReport.Saturation saturation = report.saturation();
    SizeRule rule = saturation.sizeRule();
    rows.add(
        "saturation",
        text(
            "expected near %s tokens (by %s)",
            Count.format(saturation.expectedTokens()), saturation.expectedBy()));
    rows.add(
        "by size",
        text(
            "near %s tokens, %s to %s (by %s)",
            Count.format(rule.estimate()),
            Count.format(rule.low()),
            Count.format(rule.high()),
            saturation.sizeRuleBy()));
  }

  private static String hours(double hours) {
    return hours < 10 ? text("%.2g", hours) : Count.format(Math.round(hours));
  }

  /** Decimal units, as disks and networks are sold. */
  private static String bytes(double bytes) {
    String[] units = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    int unit = 0;
    while (bytes >= 999.5 && unit < units.length - 1) {
      bytes /= 1000;
      unit++;
    }
    return text(bytes < 9.995 && unit > 0 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
