package dev.alambic.cli.report;

import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What of a run's progress is drawn.
 *
 * @param warmup evaluations before the learning rate was constant
 * @param constant evaluations while it was
 * @param decay evaluations after that
 * @param teacherLoss the teacher's own, nats per token, if known
 */
record CurveData(
    List<CurvePoint> warmup,
    List<CurvePoint> constant,
    List<CurvePoint> decay,
    Optional<Double> teacherLoss) {

  /** Sorts the evaluations by the phase they were made in. */
  static CurveData of(Progress progress) {
    List<CurvePoint> curve =
        Stream.ofNullable(progress.learning().curve())
            .flatMap(List::stream)
            .filter(p -> p.tokens() > 0 && Double.isFinite(p.loss()))
            .sorted(Comparator.comparingLong(CurvePoint::tokens))
            .toList();
    List<CurvePoint> constant = curve.stream().filter(CurvePoint::constantRate).toList();
    long first = constant.isEmpty() ? Long.MAX_VALUE : constant.get(0).tokens();
    List<CurvePoint> changing = curve.stream().filter(p -> !p.constantRate()).toList();
    return new CurveData(
        changing.stream().filter(p -> p.tokens() < first).toList(),
        constant,
        changing.stream().filter(p -> p.tokens() >= first).toList(),
        curve.stream()
            .map(CurvePoint::teacherCrossEntropy)
            .filter(loss -> loss != null && Double.isFinite(loss))
            .reduce((earlier, later) -> later));
  }

  boolean isEmpty() {
    return seen().findAny().isEmpty();
  }

  /**
   * Evaluations that must lie in the picture; those of a warm-up may not, once there are others.
   */
  Stream<CurvePoint> seen() {
    return constant.isEmpty() && decay.isEmpty()
        ? warmup.stream()
        : Stream.concat(constant.stream(), decay.stream());
  }

  /** Losses that must lie in the picture, nats per token. */
  DoubleStream losses() {
    return DoubleStream.concat(
        seen().mapToDouble(CurvePoint::loss),
        teacherLoss.stream().mapToDouble(Double::doubleValue));
  }
}
