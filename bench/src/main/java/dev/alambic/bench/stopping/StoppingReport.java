package dev.alambic.bench.stopping;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.signed;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.Progress.VerdictChange;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.PowerLaw;
import dev.alambic.saturation.SaturationJudge;
import dev.alambic.saturation.SaturationSettings;
import java.util.List;
import java.util.stream.Collectors;

/** The tables. */
final class StoppingReport {
  private final double minGain;
  private final MarkdownTable stops =
      new MarkdownTable(
          "seed", "stopped at", "spent", "saved, %", "loss stopped", "loss of all", "off, %");
  private final MarkdownTable foresight =
      new MarkdownTable(
          "run",
          "half",
          "end",
          "foretold",
          "measured",
          "off, nats",
          "noise",
          "first Saturated",
          "saturation at");
  private final StringBuilder histories = new StringBuilder();

  StoppingReport(double minGain) {
    this.minGain = minGain;
  }

  /** A run that stopped beside the one that spent its whole budget. */
  void pair(long seed, Progress stopped, Progress whole) {
    double less = loss(stopped);
    double all = loss(whole);
    Long saved = stopped.verdict().saturation().savedTokens();
    stops.row(
        Long.toString(seed),
        saved == null ? "-" : count(lastConstant(stopped).tokens()),
        count(stopped.position().tokens()),
        decimal(1, 100.0 * (saved == null ? 0 : saved) / stopped.position().tokenBudget()),
        decimal(4, less),
        decimal(4, all),
        signed(2, 100 * (less / all - 1)));
    foresight(whole);
  }

  /** The larger student's run. */
  void larger(Progress whole) {
    foresight(whole);
  }

  /** What half of the constant phase predicted of its end; both at the constant rate. */
  private void foresight(Progress whole) {
    CurvePoint end = lastConstant(whole);
    LossCurve half = LossCurve.of(whole.learning().curve()).upTo(end.tokens() / 2);
    Progress.Fit fit = SaturationJudge.judge(half, minGain, SaturationSettings.defaults()).fit();
    double foretold =
        new PowerLaw(fit.irreducible(), fit.amplitude(), fit.exponent())
            .loss((double) end.tokens());
    double measured = meanOfLast(whole);
    foresight.row(
        whole.job(),
        count(end.tokens() / 2),
        count(end.tokens()),
        decimal(4, foretold),
        decimal(4, measured),
        signed(4, foretold - measured),
        decimal(4, fit.noise()),
        first(whole.verdict().changes(), SaturationState.Saturated),
        point(whole));
    histories
        .append(whole.job())
        .append(": ")
        .append(
            whole.verdict().changes().stream()
                .map(change -> change.state() + " from " + count(change.tokens()))
                .collect(Collectors.joining(", ")))
        .append(".\n\n");
  }

  private static String first(List<VerdictChange> verdicts, SaturationState state) {
    return verdicts.stream()
        .filter(change -> change.state() == state)
        .findFirst()
        .map(change -> count(change.tokens()))
        .orElse("-");
  }

  /** Where the last verdict puts saturation. */
  private static String point(Progress whole) {
    Progress.Saturation last = whole.verdict().saturation();
    return last.range().estimate() == null
        ? "-"
        : "%s (%s to %s)"
            .formatted(
                count(last.range().estimate()),
                last.range().low() == null ? "?" : count(last.range().low()),
                last.range().high() == null ? "?" : count(last.range().high()));
  }

  private static CurvePoint lastConstant(Progress progress) {
    return progress.learning().curve().stream()
        .filter(CurvePoint::constantRate)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  /** Of the last three evaluations at a constant rate: one varies by its noise. */
  private static double meanOfLast(Progress progress) {
    List<CurvePoint> constant =
        progress.learning().curve().stream().filter(CurvePoint::constantRate).toList();
    return constant.subList(constant.size() - 3, constant.size()).stream()
        .mapToDouble(CurvePoint::loss)
        .average()
        .orElseThrow();
  }

  private static double loss(Progress progress) {
    return progress.learning().curve().get(progress.learning().curve().size() - 1).loss();
  }

  String text() {
    return stops.text() + "\n" + foresight.text() + "\n" + histories;
  }
}
