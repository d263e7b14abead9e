package dev.alambic.operator.local;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
  private static final double TOP = 118;
  private static final double BOTTOM = HEIGHT - 64;

  /** A saturation point further than this beyond the budget is left to the words. */
  private static final double SIGHT = 10;

  private final Progress progress;
  private final CurveData data;
  private final PlotArea area;
  private final SvgDocument svg;

  private CurvePlot(Progress progress, CurveData data) {
    this.progress = progress;
    this.data = data;
    this.area = area(progress, data);
    this.svg = new SvgDocument(WIDTH, HEIGHT, "Loss curve of " + progress.job(), style());
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
    Path absolute = file.toAbsolutePath();
    Path beside = absolute.resolveSibling(absolute.getFileName() + ".part");
    Files.writeString(beside, svg(progress), StandardCharsets.UTF_8);
    Files.move(beside, absolute, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private String draw() {
    svg.shape("rect", "class", "page", "width", WIDTH, "height", HEIGHT);
    drawHeading();
    if (data.isEmpty()) {
      text("subtitle", "middle", WIDTH / 2.0, HEIGHT / 2.0, "no evaluation yet");
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

  private void drawHeading() {
    text("title", "start", LEFT, 36, progress.job());
    String summary =
        Stream.of(
                ProgressText.tokens(progress).replace("/", " of ") + " tokens",
                ProgressText.last(progress)
                    .map(p -> String.format(Locale.ROOT, "validation loss %.3f", p.crossEntropy()))
                    .orElse(null),
                fitText(progress.saturation()),
                progress.saturation() == null ? null : progress.saturation().state().name())
            .filter(part -> part != null)
            .collect(Collectors.joining("  ·  "));
    text("subtitle", "start", LEFT, 58, summary);
  }

  private static String fitText(Progress.Saturation saturation) {
    if (saturation == null || saturation.fit() == null) {
      return null;
    }
    Progress.Fit fit = saturation.fit();
    return String.format(
        Locale.ROOT,
        "L(D) = %.3f + %.3g · D^−%.3f",
        fit.irreducible(),
        fit.amplitude(),
        fit.exponent());
  }

  private void drawAxes() {
    double step = area.lossStep(6);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (double loss : area.lossTicks(6)) {
      double y = area.y(loss);
      line("grid", area.left(), y, area.right(), y);
      text(
          "tick",
          "end",
          area.left() - 8,
          y + 4,
          String.format(Locale.ROOT, "%." + decimals + "f", loss));
    }
    for (long tokens : area.tokenTicks(10)) {
      double x = area.x((double) tokens);
      line("grid", x, area.top(), x, area.bottom());
      text("tick", "middle", x, area.bottom() + 20, Count.format(tokens));
    }
    line("frame", area.left(), area.bottom(), area.right(), area.bottom());
    line("frame", area.left(), area.top(), area.left(), area.bottom());
    double middle = (area.top() + area.bottom()) / 2;
    text(
        "axis",
        "middle",
        (area.left() + area.right()) / 2,
        area.bottom() + 46,
        "tokens (log scale)");
    svg.element(
        "text",
        "validation loss (nats per token)",
        "class",
        "axis",
        "text-anchor",
        "middle",
        "transform",
        String.format(Locale.ROOT, "translate(24 %.1f) rotate(-90)", middle));
  }

  private void drawSaturation() {
    Progress.Saturation saturation = progress.saturation();
    if (saturation == null || saturation.estimate() == null) {
      return;
    }
    double low = area.x((double) saturation.low());
    double high = saturation.high() == null ? area.right() : area.x((double) saturation.high());
    if (high - low > 0) {
      svg.shape(
          "rect",
          "class",
          "band",
          "x",
          low,
          "y",
          area.top(),
          "width",
          high - low,
          "height",
          area.bottom() - area.top());
    }
    if (area.hasTokens((double) saturation.estimate())) {
      double x = area.x((double) saturation.estimate());
      line("saturation", x, area.top() - 8, x, area.bottom());
      String label =
          "saturation ~"
              + Count.format(saturation.estimate())
              + " ("
              + SaturationText.interval(saturation)
              + ")";
      label("saturation-text", x, area.top() - 13, label);
    }
  }

  private void drawBudget() {
    double x = area.x((double) progress.tokenBudget());
    line("budget", x, area.top() - 24, x, area.bottom());
    label("budget-text", x, area.top() - 29, "budget " + Count.format(progress.tokenBudget()));
  }

  private void drawTeacher() {
    data.teacherLoss()
        .ifPresent(
            loss -> {
              double y = area.y(loss);
              line("teacher", area.left(), y, area.right(), y);
              String label = String.format(Locale.ROOT, "teacher's own loss %.3f", loss);
              text("teacher-text", "start", area.left() + 8, y - 7, label);
            });
  }

  /** Solid where it was fitted, dotted where it foretells. */
  private void drawFit() {
    Progress.Saturation saturation = progress.saturation();
    if (saturation == null || saturation.fit() == null || data.constant().isEmpty()) {
      return;
    }
    List<CurvePoint> constant = data.constant();
    double first = constant.get(0).tokens();
    double last = constant.get(constant.size() - 1).tokens();
    polyline("fit", saturation.fit(), first, last);
    polyline("fit ahead", saturation.fit(), last, Math.max(last, (double) progress.tokenBudget()));
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
    data.warmup().stream()
        .filter(p -> area.hasLoss(p.crossEntropy()))
        .forEach(p -> circle("warmup", p));
    data.constant().forEach(p -> circle("point", p));
    data.decay().forEach(p -> diamond(area.x((double) p.tokens()), area.y(p.crossEntropy())));
  }

  private void circle(String style, CurvePoint point) {
    circle(style, area.x((double) point.tokens()), area.y(point.crossEntropy()));
  }

  private void circle(String style, double x, double y) {
    svg.shape("circle", "class", style, "cx", x, "cy", y, "r", 4.0);
  }

  private void diamond(double x, double y) {
    String path =
        String.format(Locale.ROOT, "M%.1f %.1f l5.5 5.5 l-5.5 5.5 l-5.5 -5.5 z", x, y - 5.5);
    svg.shape("path", "class", "decay", "d", path);
  }

  private void drawLegend() {
    boolean fitted = progress.saturation() != null && progress.saturation().fit() != null;
    int rows =
        (data.constant().isEmpty() ? 0 : 1)
            + (data.warmup().isEmpty() ? 0 : 1)
            + (data.decay().isEmpty() ? 0 : 1)
            + (fitted ? 1 : 0);
    double x = area.right() - 216;
    double y = area.top() + 10;
    svg.shape(
        "rect", "class", "legend", "x", x, "y", y, "width", 206, "height", 10 + 20 * rows, "rx", 4);
    y += 20;
    if (!data.warmup().isEmpty()) {
      circle("warmup", x + 20, y - 4);
      text("legend-text", "start", x + 40, y, "evaluation in warm-up");
      y += 20;
    }
    if (!data.constant().isEmpty()) {
      circle("point", x + 20, y - 4);
      text("legend-text", "start", x + 40, y, "at a constant learning rate");
      y += 20;
    }
    if (!data.decay().isEmpty()) {
      diamond(x + 20, y - 4);
      text("legend-text", "start", x + 40, y, "while it decays");
      y += 20;
    }
    if (fitted) {
      line("fit", x + 8, y - 4, x + 32, y - 4);
      text("legend-text", "start", x + 40, y, "fitted law, dotted ahead");
    }
  }

  /** Beside a vertical line: on its left if the right has no room. */
  private void label(String style, double x, double y, String label) {
    boolean fits = x + 6 + 7.2 * label.length() < WIDTH;
    text(style, fits ? "start" : "end", fits ? x - 3 : x + 3, y, label);
  }

  private void line(String style, double x1, double y1, double x2, double y2) {
    svg.shape("line", "class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  private void text(String style, String anchor, double x, double y, String content) {
    svg.element("text", content, "class", style, "text-anchor", anchor, "x", x, "y", y);
  }

  private static PlotArea area(Progress progress, CurveData data) {
    DoubleSummaryStatistics losses = data.losses().summaryStatistics();
    double low = losses.getCount() == 0 ? 0 : losses.getMin();
    double high = losses.getCount() == 0 ? 1 : losses.getMax();
    double margin = Math.max(0.06 * (high - low), 0.01);
    double first = data.points().mapToDouble(CurvePoint::tokens).min().orElse(1);
    double last = data.points().mapToDouble(CurvePoint::tokens).max().orElse(1);
    double budget = Math.max(last, (double) progress.tokenBudget());
    double to = Math.max(2 * first, Math.max(budget, inSight(progress.saturation(), budget)));
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
    if (saturation == null || saturation.estimate() == null) {
      return 0;
    }
    return saturation.estimate() <= SIGHT * budget ? saturation.estimate() : 0;
  }

  private static String style() {
    try (InputStream in = CurvePlot.class.getResourceAsStream("curve.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
