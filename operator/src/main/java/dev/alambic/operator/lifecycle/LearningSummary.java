package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.FitStatus;
import dev.alambic.api.v1alpha1.LossStatus;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.SaturationStatus;
import dev.alambic.api.v1alpha1.TokenRange;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.Progress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the student has learned: its losses, and whether more tokens help. */
final class LearningSummary {
  private static final LossStatus NO_LOSS = new LossStatus(null, null, null, null);

  private LearningSummary() {}

  /** The newest of each loss; what the trainer does not report now stays as it was. */
  static LossStatus loss(DecisionInput input) {
    LossStatus before = Objects.requireNonNullElse(input.previous().loss(), NO_LOSS);
    Progress progress = input.observed().progress();
    if (progress == null) {
      return input.previous().loss();
    }
    List<Progress.CurvePoint> curve = progress.learning().curve();
    String train = newest(progress.learning().trainLoss(), before.train());
    if (curve == null || curve.isEmpty()) {
      return new LossStatus(train, before.validation(), before.divergence(), before.teacher());
    }
    Progress.CurvePoint last = curve.get(curve.size() - 1);
    return new LossStatus(
        train,
        newest(last.loss(), before.validation()),
        newest(last.divergence(), before.divergence()),
        newest(last.teacherCrossEntropy(), before.teacher()));
  }

  private static String newest(Double now, String before) {
    String text = Decimals.loss(now);
    return text == null ? before : text;
  }

  /** The trainer's verdict beside what was expected before the run. */
  static SaturationStatus saturation(DecisionInput input) {
    SaturationStatus before = input.previous().saturation();
    Progress progress = input.observed().progress();
    Long expected =
        input
            .planned()
            .map(RunPlan::expectedSaturationTokens)
            .orElse(before == null ? null : before.expectedTokens());
    if (progress != null && progress.verdict().saturation() != null) {
      return saturation(progress.verdict().saturation(), expected, input.savings());
    }
    return before == null
        ? new SaturationStatus(
            SaturationState.Unknown, null, null, null, null, expected, null, null, null, null)
        : before.withExpectedTokens(expected);
  }

  private static SaturationStatus saturation(
      Progress.Saturation verdict, Long expected, Optional<Savings> savings) {
    Progress.Range range = verdict.range();
    return new SaturationStatus(
        verdict.state(),
        Decimals.significant(verdict.gains().perTenth()),
        Decimals.significant(verdict.gains().perDoubling()),
        Decimals.significant(verdict.gains().perDecade()),
        range.bounds() ? new TokenRange(range.low(), range.estimate(), range.high()) : null,
        expected,
        verdict.fit() == null ? null : fit(verdict.fit()),
        verdict.savedTokens(),
        savings.map(Savings::gpuHours).map(Decimals::significant).orElse(null),
        verdict.stoppedBy());
  }

  private static FitStatus fit(Progress.Fit fit) {
    return new FitStatus(
        Decimals.loss(fit.irreducible()),
        Decimals.significant(fit.amplitude()),
        Decimals.significant(fit.exponent()),
        Decimals.significant(fit.noise()),
        fit.points());
  }
}
