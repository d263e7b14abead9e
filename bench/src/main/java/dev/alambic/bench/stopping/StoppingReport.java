package dev.alambic.bench.stopping;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.mean;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
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
          "seed | stopped at | spent | saved, % %.1f | loss stopped %.4f | loss of all %.4f"
              + " | off, % %+.2f");
  private final MarkdownTable foresight =
      new MarkdownTable(
          "run | half | end | foretold %.4f | measured %.4f | off, nats %+.4f | noise %.4f | first Saturated"
              + " | saturation at");
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
        seed,
        saved == null ? "-" : count(last(constant(stopped)).tokens()),
        count(stopped.position().tokens()),
        100.0 * (saved == null ? 0 : saved) / stopped.position().tokenBudget(),
        less,
        all,
        100 * (less / all - 1));
    whole(whole);
  }

  /** What half of the constant phase predicted of its end; both at the constant rate. */
  void whole(Progress whole) {
    List<CurvePoint> constant = constant(whole);
    CurvePoint end = last(constant);
    LossCurve half = LossCurve.of(whole.learning().curve()).upTo(end.tokens() / 2);
    Progress.Fit fit = SaturationJudge.judge(half, minGain, SaturationSettings.defaults()).fit();
    double foretold =
        new PowerLaw(fit.irreducible(), fit.amplitude(), fit.exponent())
            .loss((double) end.tokens());
    // Of the last three evaluations: one varies by its noise.
    List<CurvePoint> latest = constant.subList(constant.size() - 3, constant.size());
    double measured = mean(latest.stream().mapToDouble(CurvePoint::loss).toArray());
    foresight.row(
        whole.job(),
        count(end.tokens() / 2),
        count(end.tokens()),
        foretold,
        measured,
        foretold - measured,
        fit.noise(),
        firstSaturated(whole),
        point(whole.verdict().saturation().range()));
    histories.append(whole.job()).append(": ").append(history(whole)).append(".\n\n");
  }

  private static String history(Progress whole) {
    return whole.verdict().changes().stream()
        .map(change -> change.state() + " from " + count(change.tokens()))
        .collect(Collectors.joining(", "));
  }

  private static String firstSaturated(Progress whole) {
    return whole.verdict().changes().stream()
        .filter(change -> change.state() == SaturationState.Saturated)
        .findFirst()
        .map(change -> count(change.tokens()))
        .orElse("-");
  }

  /** Where the last verdict puts saturation. */
  private static String point(Progress.Range range) {
    return range.estimate() == null
        ? "-"
        : "%s (%s to %s)"
            .formatted(
                count(range.estimate()),
                range.low() == null ? "?" : count(range.low()),
                range.high() == null ? "?" : count(range.high()));
  }

  /** The evaluations at the constant rate. */
  private static List<CurvePoint> constant(Progress progress) {
    return progress.learning().curve().stream().filter(CurvePoint::constantRate).toList();
  }

  private static CurvePoint last(List<CurvePoint> curve) {
    return curve.get(curve.size() - 1);
  }

  private static double loss(Progress progress) {
    return last(progress.learning().curve()).loss();
  }

  /** As Markdown. */
  String text() {
    return stops.text() + "\n" + foresight.text() + "\n" + histories;
  }
}
