package dev.alambic.cli.report;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.cli.text.FactTable;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.VerdictChange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * A run on one page: its numbers, the curve with its band, the verdicts over time, each evaluation
 * with the gap to the teacher, and the exact spec. Self-contained, light or dark as the reader's
 * system is.
 */
public final class HtmlReport {
  private final Progress progress;
  private final HtmlDocument page;

  private HtmlReport(Progress progress) {
    this.progress = progress;
    this.page = new HtmlDocument("Alambic: " + progress.job(), style());
  }

  /**
   * The page.
   *
   * @param summary the run's numbers, in their order
   * @param spec the job's spec as YAML
   */
  static String of(Progress progress, FactTable summary, String spec) {
    return new HtmlReport(progress).page(summary, spec);
  }

  /**
   * Writes the page to a file; a reader never sees half of one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Progress progress, FactTable summary, String spec, Path file)
      throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(aside, of(progress, summary, spec));
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private String page(FactTable summary, String spec) {
    page.element("h1", progress.job());
    page.open("table", "class", "facts");
    summary.all().forEach(this::fact);
    teacherWait();
    page.close();
    page.element("h2", "Loss curve");
    page.insert(withoutDeclaration(CurvePlot.svg(progress)));
    verdicts();
    evaluations();
    page.element("h2", "Spec");
    page.element("pre", spec);
    return page.finish();
  }

  private void fact(String name, String value) {
    page.open("tr");
    page.element("th", name);
    page.element("td", value);
    page.close();
  }

  private void teacherWait() {
    if (progress.speed().teacherWaitShare() != null) {
      fact(
          "waited",
          text(
              "%.1f %% of the last minute for the teacher",
              100 * progress.speed().teacherWaitShare()));
    }
  }

  private void verdicts() {
    if (progress.verdict().changes() == null || progress.verdict().changes().isEmpty()) {
      return;
    }
    page.element("h2", "Verdicts");
    table("from tokens", "share of the budget", "verdict");
    for (VerdictChange change : progress.verdict().changes()) {
      row(
          Count.format(change.tokens()),
          text("%.1f %%", 100.0 * change.tokens() / Math.max(1, progress.position().tokenBudget())),
          change.state().name());
    }
    page.close();
  }

  private void evaluations() {
    List<CurvePoint> curve = progress.learning().curve();
    if (curve == null || curve.isEmpty()) {
      return;
    }
    page.element("h2", "Evaluations");
    page.element("p", "Nats per token on the held-out text; the gap is to the teacher's own loss.");
    table(
        "tokens",
        "loss",
        "KL from the teacher",
        "teacher's loss",
        "gap",
        "shared with the teacher",
        "learning rate");
    for (CurvePoint point : curve) {
      Double teacher = point.teacherCrossEntropy();
      row(
          Count.format(point.tokens()),
          nats(point.crossEntropy()),
          nats(point.divergence()),
          nats(teacher),
          nats(teacher == null ? null : Double.valueOf(point.loss() - teacher)),
          point.masses() == null ? "" : text("%.1f %%", 100 * point.masses().shared()),
          point.constantRate() ? "constant" : "changing");
    }
    page.close();
  }

  private void table(String... headings) {
    page.open("table", "class", "numbers");
    page.open("tr");
    for (String heading : headings) {
      page.element("th", heading);
    }
    page.close();
  }

  private void row(String... cells) {
    page.open("tr");
    for (String cell : cells) {
      page.element("td", cell);
    }
    page.close();
  }

  private static String nats(Double value) {
    return value == null ? "" : text("%.4f", value);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String withoutDeclaration(String svg) {
    return svg.substring(svg.indexOf("<svg"));
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
