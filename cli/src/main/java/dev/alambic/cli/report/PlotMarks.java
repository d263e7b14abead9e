package dev.alambic.cli.report;

import java.util.Locale;

/** Lines, marks and texts of a plot, in pixels; how each style looks is the style sheet's. */
final class PlotMarks {
  private static final double RADIUS = 4;
  private static final double DIAMOND = 5.5;

  /** Width of a bold letter of the labels, about. */
  private static final double GLYPH = 7.8;

  private final SvgDocument svg;
  private final double width;

  /** Draws on this document, which is so wide. */
  PlotMarks(SvgDocument svg, double width) {
    this.svg = svg;
    this.width = width;
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    svg.shape("line", "class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  void rectangle(String style, double left, double top, double right, double bottom) {
    svg.shape(
        "rect", "class", style, "x", left, "y", top, "width", right - left, "height", bottom - top);
  }

  void circle(String style, double x, double y) {
    svg.shape("circle", "class", style, "cx", x, "cy", y, "r", RADIUS);
  }

  void diamond(String style, double x, double y) {
    String path =
        String.format(
            Locale.ROOT,
            "M%1$.1f %2$.1f l%3$.1f %3$.1f l-%3$.1f %3$.1f l-%3$.1f -%3$.1f z",
            x,
            y - DIAMOND,
            DIAMOND);
    svg.shape("path", "class", style, "d", path);
  }

  /** {@code anchor} says which part of the text lies at x: start, middle or end. */
  void text(String style, String anchor, double x, double y, String content) {
    svg.element("text", content, "class", style, "text-anchor", anchor, "x", x, "y", y);
  }

  /** A text read from bottom to top, its middle here. */
  void upright(String style, double x, double y, String content) {
    String turn = String.format(Locale.ROOT, "translate(%.1f %.1f) rotate(-90)", x, y);
    svg.element("text", content, "class", style, "text-anchor", "middle", "transform", turn);
  }

  /** Beside a vertical line, on the side where neither the edge nor another line is in the way. */
  void label(String style, double x, double y, String label, double otherLine) {
    double right = (otherLine > x ? Math.min(width, otherLine) : width) - x;
    double left = x - (otherLine < x ? Math.max(0, otherLine) : 0);
    boolean onTheRight = right > GLYPH * label.length() || right > left;
    text(style, onTheRight ? "start" : "end", onTheRight ? x - 3 : x + 3, y, label);
  }
}
