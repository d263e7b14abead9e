package dev.alambic.cli.text;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run's progress in one line. */
public final class ProgressText {
  private ProgressText() {}

  /** What it does now: {@code training}, {@code waiting for teacher}, with its message if any. */
  static String activity(Progress progress) {
    String state =
        switch (progress.stage().state()) {
          case Preparing -> "preparing";
          case WaitingForTeacher -> "waiting for teacher";
          case Training -> "training";
          case CoolingDown -> "cooling down";
          case Suspended -> "suspended";
          case Complete -> "complete";
          case Failed -> "failed";
        };
    return progress.stage().message() == null || progress.stage().message().isBlank()
        ? state
        : state + ": " + progress.stage().message().strip();
  }

  /** Whether it trains, or has finished: only then are there numbers to show. */
  static boolean isUnderWay(Progress progress) {
    return switch (progress.stage().state()) {
      case Preparing, WaitingForTeacher -> false;
      case Training, CoolingDown, Suspended, Complete, Failed -> true;
    };
  }

  /** {@code 12.3M/50M}. */
  public static String tokens(Progress progress) {
    return Count.format(progress.position().tokens())
        + "/"
        + Count.format(progress.position().tokenBudget());
  }

  /** Share of the budget, 0 to 1. */
  static double share(Progress progress) {
    if (progress.position().tokenBudget() <= 0) {
      return 0;
    }
    return Math.min(1, (double) progress.position().tokens() / progress.position().tokenBudget());
  }

  /** Loss, divergence, speed, time left and saturation, as far as known; the first matter most. */
  static List<String> numbers(Progress progress) {
    Optional<CurvePoint> last = last(progress);
    return Stream.of(
            number("loss", progress.learning().trainLoss()),
            number("KL", last.map(CurvePoint::divergence).orElse(null)),
            speed(progress),
            timeLeft(progress).map(left -> "ETA " + Span.format(left)),
            Optional.ofNullable(progress.verdict().saturation()).map(SaturationText::brief))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The whole line for where there is no terminal. */
  static String line(Progress progress) {
    if (!isUnderWay(progress)) {
      return activity(progress);
    }
    Stream<String> head =
        Stream.of(
            activity(progress),
            tokens(progress) + " tokens",
            String.format(Locale.ROOT, "%.1f%%", 100 * share(progress)));
    return Stream.concat(head, numbers(progress).stream()).collect(Collectors.joining("  "));
  }

  /** The latest evaluation. */
  public static Optional<CurvePoint> last(Progress progress) {
    List<CurvePoint> curve = progress.learning().curve();
    return curve == null || curve.isEmpty()
        ? Optional.empty()
        : Optional.of(curve.get(curve.size() - 1));
  }

  /** Until the budget, less what stopping early saves, is trained on at the speed of now. */
  static Optional<Duration> timeLeft(Progress progress) {
    Double speed = progress.speed().tokensPerSecond();
    boolean running =
        switch (progress.stage().state()) {
          case Training, CoolingDown -> true;
          case Preparing, WaitingForTeacher, Suspended, Complete, Failed -> false;
        };
    if (!running || speed == null || !(speed > 0)) {
      return Optional.empty();
    }
    long left =
        progress.position().tokenBudget() - savedTokens(progress) - progress.position().tokens();
    return Optional.of(Duration.ofSeconds((long) Math.ceil(Math.max(0, left) / speed)));
  }

  private static long savedTokens(Progress progress) {
    Progress.Saturation saturation = progress.verdict().saturation();
    return saturation == null || saturation.savedTokens() == null ? 0 : saturation.savedTokens();
  }

  private static Optional<String> speed(Progress progress) {
    return Optional.ofNullable(progress.speed().tokensPerSecond())
        .filter(Double::isFinite)
        .map(speed -> Count.format(Math.round(speed)) + " tok/s");
  }

  private static Optional<String> number(String name, Double value) {
    return Optional.ofNullable(value).map(v -> String.format(Locale.ROOT, "%s %.3f", name, v));
  }
}
