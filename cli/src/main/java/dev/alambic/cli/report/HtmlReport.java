package dev.alambic.cli.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.cli.text.FactTable;
import dev.alambic.io.DurableFiles;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.VerdictChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A run on one page: its numbers, the curve with its band, the verdicts over time, each evaluation
 * with the gap to the teacher, and the exact spec. Self-contained, light or dark as the reader's
 * system is. The page is {@code report.html}; each text in it is escaped.
 */
public final class HtmlReport {
  private static final Template PAGE =
      Mustache.compiler().compile(ReportResource.text("report.html"));

  private HtmlReport() {}

  /**
   * The page, which is well-formed XML too.
   *
   * @param summary the run's numbers, in their order
   * @param spec the job's spec as YAML
   */
  static String of(Progress progress, FactTable summary, String spec) {
    Map<String, String> facts = new LinkedHashMap<>(summary.all());
    if (progress.speed().teacherWaitShare() != null) {
      double share = 100 * progress.speed().teacherWaitShare();
      facts.put("waited", text("%.1f %% of the last minute for the teacher", share));
    }
    String svg = CurvePlot.svg(progress);
    Map<String, Object> page = new HashMap<>();
    page.put("job", progress.job());
    page.put("style", ReportResource.text("report.css"));
    page.put("facts", facts.entrySet());
    page.put("curve", svg.substring(svg.indexOf("<svg")));
    page.put("spec", spec);
    long budget = Math.max(1, progress.position().tokenBudget());
    page.put(
        "verdicts",
        table(progress.verdict().changes().stream().map(change -> row(change, budget))));
    page.put("evaluations", table(progress.learning().curve().stream().map(HtmlReport::row)));
    return PAGE.execute(page);
  }

  /**
   * Writes the page to a file; a reader never sees half of one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Progress progress, FactTable summary, String spec, Path file)
      throws IOException {
    DurableFiles.write(file, of(progress, summary, spec));
  }

  /** A table without rows is left out of the page. */
  private static Object table(Stream<List<String>> rows) {
    List<List<String>> all = rows.toList();
    return all.isEmpty() ? List.of() : Map.of("rows", all);
  }

  private static List<String> row(VerdictChange change, long budget) {
    return List.of(
        Count.format(change.tokens()),
        text("%.1f %%", 100.0 * change.tokens() / budget),
        change.state().name());
  }

  private static List<String> row(CurvePoint point) {
    Double teacher = point.teacherCrossEntropy();
    return List.of(
        Count.format(point.tokens()),
        nats(point.crossEntropy()),
        nats(point.divergence()),
        nats(teacher),
        nats(teacher == null ? null : Double.valueOf(point.loss() - teacher)),
        point.masses() == null ? "" : text("%.1f %%", 100 * point.masses().shared()),
        point.constantRate() ? "constant" : "changing");
  }

  private static String nats(Double value) {
    return value == null ? "" : text("%.4f", value);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
