package dev.alambic.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.cli.text.Runs;
import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class CurvePlotTest {
  @Test
  void drawsEachPhaseInItsOwnWay() throws Exception {
    Document plot = parse(CurvePlot.svg(Runs.coolingDown()));

    // One more of each shown is the legend's.
    assertThat(elements(plot, "circle", "point")).hasSize(5);
    assertThat(elements(plot, "path", "decay")).hasSize(2);
    assertThat(elements(plot, "circle", "warmup")).isEmpty();
  }

  @Test
  void aWarmUpIsDrawnWhileThereIsNothingElse() throws Exception {
    Document plot =
        parse(
            CurvePlot.svg(Runs.run(Progress.State.Training, null, Runs.CURVE.subList(0, 1), null)));

    assertThat(elements(plot, "circle", "warmup")).hasSize(2);
  }

  @Test
  void theFitRunsToTheBudgetAndIsDottedAhead() throws Exception {
    Document plot = parse(CurvePlot.svg(Runs.training()));
    double budget = x(elements(plot, "line", "budget").get(0));

    assertThat(lastX(elements(plot, "polyline", "fit").get(0)))
        .isEqualTo(firstX(elements(plot, "polyline", "fit ahead").get(0)))
        .isLessThan(budget);
    assertThat(lastX(elements(plot, "polyline", "fit ahead").get(0))).isEqualTo(budget);
  }

  @Test
  void theSaturationPointLiesWithinItsBand() throws Exception {
    Document plot = parse(CurvePlot.svg(Runs.training()));
    Element band = elements(plot, "rect", "band").get(0);
    double left = Double.parseDouble(band.getAttribute("x"));
    double right = left + Double.parseDouble(band.getAttribute("width"));

    assertThat(x(elements(plot, "line", "saturation").get(0))).isBetween(left, right);
    assertThat(texts(plot)).contains("saturation ~18M (12M to 31M)", "budget 50M");
  }

  @Test
  void aBandWithoutAnEndReachesTheEdge() throws Exception {
    Progress run = Runs.run(Progress.State.Training, null, Runs.CURVE, Runs.outOfSight());
    Document plot = parse(CurvePlot.svg(run));
    Element band = elements(plot, "rect", "band").get(0);

    assertThat(
            Double.parseDouble(band.getAttribute("x"))
                + Double.parseDouble(band.getAttribute("width")))
        .isEqualTo(932);
  }

  @Test
  void axesAndTheTeachersLossAreLabelledWithUnits() throws Exception {
    assertThat(texts(parse(CurvePlot.svg(Runs.training()))))
        .contains(
            "validation loss (nats per token)",
            "tokens (log scale)",
            "5M",
            "teacher's own loss 2.900");
  }

  @Test
  void everyMarkLiesInThePicture() throws Exception {
    Document plot = parse(CurvePlot.svg(Runs.coolingDown()));

    for (Element circle : elements(plot, "circle", "point")) {
      assertThat(Double.parseDouble(circle.getAttribute("cx"))).isBetween(0.0, 960.0);
      assertThat(Double.parseDouble(circle.getAttribute("cy"))).isBetween(0.0, 560.0);
    }
  }

  @Test
  void oddCurvesStillMakeAPicture() throws Exception {
    List<List<CurvePoint>> curves =
        List.of(
            List.of(),
            List.of(new CurvePoint(1, 3.0, null, null, null, true)),
            List.of(
                new CurvePoint(5, 3.0, null, null, null, true),
                new CurvePoint(6, 3.0, null, null, null, true)),
            List.of(new CurvePoint(5, Double.NaN, null, Double.NaN, null, true)),
            List.of(new CurvePoint(90_000_000_000_000L, 3.0, null, null, null, false)));
    for (List<CurvePoint> curve : curves) {
      for (Progress.Saturation saturation :
          new Progress.Saturation[] {null, Runs.near(null), Runs.outOfSight()}) {
        String svg = CurvePlot.svg(Runs.run(Progress.State.Training, null, curve, saturation));
        parse(svg);
        assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
      }
    }
    assertThat(texts(parse(CurvePlot.svg(Runs.at(Progress.State.Preparing, null)))))
        .contains("no evaluation yet");
  }

  @Test
  void namesAreEscaped() throws Exception {
    Progress run = Runs.training();
    Progress named =
        TestProgress.progress(run.stage().state(), 1)
            .withJob("a<b & \"c\"")
            .withPosition(new Progress.Position(1, 1, 10))
            .withLearning(run.learning());

    assertThat(texts(parse(CurvePlot.svg(named)))).contains("a<b & \"c\"");
  }

  @Test
  void followsTheViewersColourScheme() {
    assertThat(CurvePlot.svg(Runs.training())).contains("prefers-color-scheme: dark");
  }

  @Test
  void writesTheFileOverAnOlderOne(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("curve.svg");
    Files.writeString(file, "old");

    CurvePlot.write(Runs.training(), file);

    assertThat(file).hasContent(CurvePlot.svg(Runs.training()));
    assertThat(folder.toFile().list()).containsExactly("curve.svg");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<Element> elements(Document plot, String name, String style) {
    var nodes = plot.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(e -> e.getAttribute("class").equals(style))
        .toList();
  }

  private static List<String> texts(Document plot) {
    var nodes = plot.getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static double x(Element line) {
    return Double.parseDouble(line.getAttribute("x1"));
  }

  private static double firstX(Element polyline) {
    String points = polyline.getAttribute("points");
    return Double.parseDouble(points.substring(0, points.indexOf(',')));
  }

  private static double lastX(Element polyline) {
    String points = polyline.getAttribute("points");
    String last = points.substring(points.lastIndexOf(' ') + 1);
    return Double.parseDouble(last.substring(0, last.indexOf(',')));
  }
}
