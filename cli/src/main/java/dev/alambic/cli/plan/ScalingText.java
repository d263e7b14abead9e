package dev.alambic.cli.plan;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.cli.scaling.Accelerator;
import dev.alambic.cli.scaling.Assumption;
import dev.alambic.cli.scaling.ScalingRow;
import dev.alambic.cli.scaling.ScalingRow.Outcome;
import dev.alambic.cli.scaling.ScalingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Calculated step times for people: a row for each number of GPUs, then what was assumed. */
public final class ScalingText {
  private static final int WIDTH = 100;
  private static final String ROW = "%4s %-9s %5s %2s %7s %6s %7s %6s %6s %8s %3s %4s %7s %5s %5s";

  private ScalingText() {}

  /** The text, its last line ended. */
  public static String of(ScalingTable table) {
    List<String> lines = new ArrayList<>();
    Accelerator gpu = table.cluster().gpu();
    lines.add(
        text(
            "a step of this student on %s, in seconds: calculated, nothing of it was measured",
            gpu.name()));
    lines.add(
        text(
            ROW,
            "GPUs",
            "sharding",
            "micro",
            "GB",
            "compute",
            "comm.",
            "exposed",
            "optim.",
            "step",
            "tokens/s",
            "MFU",
            "eff.",
            "teacher",
            "total",
            "days"));
    table.rows().forEach(row -> lines.add(row(row)));
    lines.add("");
    notes(table).forEach(note -> lines.addAll(wrapped("", note)));
    lines.add("");
    lines.add("assumptions");
    table.assumptions().forEach(assumption -> lines.addAll(wrapped("- ", sentence(assumption))));
    return lines.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
  }

  private static String row(ScalingRow row) {
    if (row.problem() != null) {
      return text("%4d %s", row.gpus(), row.problem());
    }
    Outcome outcome = row.outcome();
    return text(
        ROW,
        row.gpus(),
        row.layout().sharding(),
        row.layout().microBatchSequences() + (row.layout().recompute() ? "r" : ""),
        Math.round(row.layout().memoryBytes() / 1e9),
        seconds(row.step().compute()),
        seconds(row.step().communication()),
        seconds(row.step().exposed()),
        seconds(row.step().update()),
        seconds(outcome.stepSeconds()),
        Count.format(Math.round(outcome.tokensPerSecond())),
        percent(outcome.mfu()),
        percent(outcome.efficiency()),
        known(outcome.teacherGpus()),
        known(outcome.totalGpus()),
        Count.format(Math.round(outcome.days())));
  }

  private static String known(Integer count) {
    return count == null ? "?" : Integer.toString(count);
  }

  private static List<String> notes(ScalingTable table) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "micro: sequences in one pass, r: recomputed; GB: of each GPU; comm.: all collectives;"
            + " exposed: comm. that no compute hides; step: compute + exposed + optim.; eff.:"
            + " tokens/s of a GPU, over the first row's; teacher: GPUs beside the trainers' so that"
            + " neither waits. GPU-hours above are of parameters' operations alone.");
    List<ScalingRow> rows = table.rows().stream().filter(row -> row.problem() == null).toList();
    if (rows.isEmpty()) {
      return notes;
    }
    if (rows.stream().anyMatch(row -> row.layout().sequences() < table.sequences())) {
      notes.add(
          text(
              "The batch's %d sequences cannot be shared evenly; the rows are for %s of them.",
              table.sequences(), joined(rows, row -> Integer.toString(row.layout().sequences()))));
    }
    notes.add(
        text(
            "Of compute, %s are BF16 products, %s the memory's traffic (attention's scores in FP32,"
                + " logits, casts), %s the head's gradient in FP32.",
            percent(table.compute().products()),
            percent(table.compute().memory()),
            percent(table.compute().fp32Products())));
    notes.add(
        text(
            "Were parameters gathered in BF16, which is not built, a step would take %s.",
            joined(rows, row -> seconds(row.outcome().bf16GatherStepSeconds()))));
    return notes;
  }

  private static String joined(List<ScalingRow> rows, Function<ScalingRow, String> each) {
    return rows.stream().map(each).collect(Collectors.joining(", "));
  }

  private static String sentence(Assumption assumption) {
    String source = assumption.source() == null ? "our own" : assumption.source();
    return assumption.what() + " (" + source + ")";
  }

  private static List<String> wrapped(String mark, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(mark);
    String indent = " ".repeat(mark.length());
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString());
    return lines;
  }

  private static String percent(double share) {
    return text("%.0f%%", 100 * share);
  }

  /** Three digits, but no more than a millisecond. */
  private static String seconds(double seconds) {
    int decimals = seconds >= 99.95 ? 0 : seconds >= 9.995 ? 1 : seconds >= 0.9995 ? 2 : 3;
    return text("%." + decimals + "f", seconds);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
