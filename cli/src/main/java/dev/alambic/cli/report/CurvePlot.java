package dev.alambic.cli.report;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.cli.text.ProgressText;
import dev.alambic.cli.text.SaturationText;
import dev.alambic.io.DurableFiles;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The loss curve as a picture: evaluations, the fitted law as far as the budget, the saturation
 * point with its interval, the budget, and the teacher's own loss. Tokens are on a logarithmic
 * axis, as a power law wants it. Light or dark follows the viewer.
 */
public final class CurvePlot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 560;
  private static final double LEFT = 76;
  private static final double RIGHT = WIDTH - 28;
  private static final double TOP = 138;
  private static final double LEGEND = 80;

  private static final double BOTTOM = HEIGHT - 64;

  /** A saturation point further than this beyond the budget is left to the words. */
  private static final double SIGHT = 10;

  private final Progress progress;
  private final CurveData data;
  private final PlotArea area;
  private final SvgDocument svg;
  private final PlotMarks marks;

  private CurvePlot(Progress progress, CurveData data) {
    this.progress = progress;
    this.data = data;
    this.area = area(progress, data);
    this.svg =
        new SvgDocument(
            WIDTH, HEIGHT, "Loss curve of " + progress.job(), ReportResource.text("curve.css"));
    this.marks = new PlotMarks(svg, WIDTH);
  }

  /** The picture as an SVG document. */
  public static String svg(Progress progress) {
    return new CurvePlot(progress, CurveData.of(progress)).draw();
  }

  /**
   * Writes the picture to a file; a reader never sees half of one.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Progress progress, Path file) throws IOException {
    DurableFiles.write(file, svg(progress));
  }

  private String draw() {
    marks.rectangle("page", 0, 0, WIDTH, HEIGHT);
    drawHeading();
    if (data.isEmpty()) {
      marks.text("subtitle", "middle", WIDTH / 2.0, HEIGHT / 2.0, "no evaluation yet");
      return svg.finish();
    }
    drawSaturation();
    drawAxes();
    drawBudget();
    drawTeacher();
    drawFit();
    drawPoints();
    drawLegend();
    return svg.finish();
  }

  private static String measure(CurvePoint point) {
    return point.crossEntropy() == null ? "divergence" : "validation loss";
  }

  private void drawHeading() {
    marks.text("title", "start", LEFT, 36, progress.job());
    String summary =
        Stream.of(
                ProgressText.tokens(progress).replace("/", " of ") + " tokens",
                ProgressText.last(progress)
                    .filter(p -> Double.isFinite(p.loss()))
                    .map(p -> String.format(Locale.ROOT, "%s %.3f", measure(p), p.loss()))
                    .orElse(null),
                fitText(progress.verdict().saturation()),
                progress.verdict().saturation() == null
                    ? null
                    : progress.verdict().saturation().state().name())
            .filter(part -> part != null)
            .collect(Collectors.joining("  ·  "));
    marks.text("subtitle", "start", LEFT, 58, summary);
  }

  private static String fitText(Progress.Saturation saturation) {
    if (saturation == null || saturation.fit() == null) {
      return null;
    }
    Progress.Fit fit = saturation.fit();
    return String.format(
        Locale.ROOT, "irreducible %.3f, exponent %.3f", fit.irreducible(), fit.exponent());
  }

  private void drawAxes() {
    double step = area.lossStep(6);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (double loss : area.lossTicks(6)) {
      double y = area.y(loss);
      marks.line("grid", area.left(), y, area.right(), y);
      marks.text(
          "tick",
          "end",
          area.left() - 8,
          y + 4,
          String.format(Locale.ROOT, "%." + decimals + "f", loss));
    }
    for (long tokens : area.tokenTicks(10)) {
      double x = area.x((double) tokens);
      marks.line("grid", x, area.top(), x, area.bottom());
      marks.text("tick", "middle", x, area.bottom() + 20, Count.format(tokens));
    }
    marks.line("frame", area.left(), area.bottom(), area.right(), area.bottom());
    marks.line("frame", area.left(), area.top(), area.left(), area.bottom());
    double middle = (area.top() + area.bottom()) / 2;
    marks.text(
        "axis",
        "middle",
        (area.left() + area.right()) / 2,
        area.bottom() + 46,
        "tokens (log scale)");
    marks.upright("axis", 24, middle, "validation loss (nats per token)");
  }

  private void drawSaturation() {
    Progress.Saturation saturation = progress.verdict().saturation();
    if (saturation == null || saturation.range().estimate() == null) {
      return;
    }
    double low =
        saturation.range().low() == null ? area.left() : area.x((double) saturation.range().low());
    double high =
        saturation.range().high() == null
            ? area.right()
            : area.x((double) saturation.range().high());
    if (high - low > 0) {
      marks.rectangle("band", low, area.top(), high, area.bottom());
    }
    if (area.hasTokens((double) saturation.range().estimate())) {
      double x = area.x((double) saturation.range().estimate());
      marks.line("saturation", x, area.top() - 8, x, area.bottom());
      String label =
          "saturation ~"
              + Count.format(saturation.range().estimate())
              + " ("
              + SaturationText.interval(saturation)
              + ")";
      marks.label(
          "saturation-text",
          x,
          area.top() - 13,
          label,
          area.x((double) progress.position().tokenBudget()));
    }
  }

  private void drawBudget() {
    double x = area.x((double) progress.position().tokenBudget());
    marks.line("budget", x, area.top() - 24, x, area.bottom());
    marks.label(
        "budget-text",
        x,
        area.top() - 29,
        "budget " + Count.format(progress.position().tokenBudget()),
        x);
  }

  private void drawTeacher() {
    data.teacherLoss()
        .ifPresent(
            loss -> {
              double y = area.y(loss);
              marks.line("teacher", area.left(), y, area.right(), y);
              String label = String.format(Locale.ROOT, "teacher's own loss %.3f", loss);
              marks.text("teacher-text", "start", area.left() + 8, y - 7, label);
            });
  }

  /** Solid where it was fitted, dotted where it foretells. */
  private void drawFit() {
    Progress.Saturation saturation = progress.verdict().saturation();
    if (saturation == null || saturation.fit() == null || data.constant().isEmpty()) {
      return;
    }
    List<CurvePoint> constant = data.constant();
    double first = constant.get(0).tokens();
    double last = constant.get(constant.size() - 1).tokens();
    polyline("fit", saturation.fit(), first, last);
    polyline(
        "fit ahead",
        saturation.fit(),
        last,
        Math.max(last, (double) progress.position().tokenBudget()));
  }

  private void polyline(String style, Progress.Fit fit, double from, double to) {
    String points =
        IntStream.rangeClosed(0, 100)
            .mapToDouble(i -> from * Math.pow(to / from, i / 100.0))
            .filter(tokens -> area.hasTokens(tokens) && area.hasLoss(loss(fit, tokens)))
            .mapToObj(
                tokens ->
                    String.format(
                        Locale.ROOT, "%.1f,%.1f", area.x(tokens), area.y(loss(fit, tokens))))
            .collect(Collectors.joining(" "));
    svg.shape("polyline", "class", style, "points", points);
  }

  private static double loss(Progress.Fit fit, double tokens) {
    return fit.irreducible() + fit.amplitude() * Math.pow(tokens, -fit.exponent());
  }

  private void drawPoints() {
    visibleWarmup().forEach(p -> circle("warmup", p));
    data.constant().forEach(p -> circle("point", p));
    data.decay()
        .forEach(p -> marks.diamond("decay", area.x((double) p.tokens()), area.y(p.loss())));
  }

  private Stream<CurvePoint> visibleWarmup() {
    return data.warmup().stream()
        .filter(p -> area.hasTokens((double) p.tokens()) && area.hasLoss(p.loss()));
  }

  private void circle(String style, CurvePoint point) {
    marks.circle(style, area.x((double) point.tokens()), area.y(point.loss()));
  }

  /** One row above the picture, where no line runs. */
  private void drawLegend() {
    double x = LEFT + 6;
    if (visibleWarmup().findAny().isPresent()) {
      marks.circle("warmup", x, LEGEND);
      x = legend(x, "in warm-up");
    }
    if (!data.constant().isEmpty()) {
      marks.circle("point", x, LEGEND);
      x = legend(x, "at a constant learning rate");
    }
    if (!data.decay().isEmpty()) {
      marks.diamond("decay", x, LEGEND);
      x = legend(x, "while it decays");
    }
    if (progress.verdict().saturation() != null && progress.verdict().saturation().fit() != null) {
      marks.line("fit", x - 6, LEGEND, x + 18, LEGEND);
      legend(x + 16, "fitted law, dotted ahead");
    }
  }

  /** Writes an entry beside its mark and returns the x of the next mark. */
  private double legend(double x, String entry) {
    marks.text("legend-text", "start", x + 12, LEGEND + 4, entry);
    return x + 38 + 6.6 * entry.length();
  }

  private static PlotArea area(Progress progress, CurveData data) {
    DoubleSummaryStatistics losses = data.losses().summaryStatistics();
    double low = losses.getCount() == 0 ? 0 : losses.getMin();
    double high = losses.getCount() == 0 ? 1 : losses.getMax();
    double margin = Math.max(0.06 * (high - low), 0.01);
    double first = data.seen().mapToDouble(CurvePoint::tokens).min().orElse(1);
    double last = data.seen().mapToDouble(CurvePoint::tokens).max().orElse(1);
    double budget = Math.max(last, (double) progress.position().tokenBudget());
    double to =
        Math.max(2 * first, Math.max(budget, inSight(progress.verdict().saturation(), budget)));
    return new PlotArea(
        LEFT,
        TOP,
        RIGHT,
        BOTTOM,
        first / 1.15,
        to * 1.15,
        Math.max(0, low - 1.5 * margin),
        high + margin);
  }

  private static double inSight(Progress.Saturation saturation, double budget) {
    if (saturation == null || saturation.range().estimate() == null) {
      return 0;
    }
    return saturation.range().estimate() <= SIGHT * budget ? saturation.range().estimate() : 0;
  }
}
