package dev.alambic.bench.distil;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which runs are made. First the teachers, and students from scratch at several learning rates; the
 * rate that is best for them is then everybody's, so that what is chosen favours the students from
 * scratch if anyone.
 *
 * @param rates learning rates tried
 * @param rateTokens tokens of a run of that trial
 * @param seeds of the students that are compared; the trial's is {@link #TRIAL_SEED}
 * @param horizons token budgets at which scratch and distilled are compared, rising
 * @param shortHorizon of the comparison of the teachers
 * @param longHorizon of the comparison of the teachers
 */
record Design(
    Run smallTeacher,
    Run largeTeacher,
    List<Double> rates,
    long rateTokens,
    List<Long> seeds,
    List<Long> horizons,
    long shortHorizon,
    long longHorizon) {

  static final long TRIAL_SEED = 100;

  private static final long STEP = Models.STEP;

  /** What the README's tables are made of. */
  static Design full() {
    return new Design(
        Run.fromScratch(Models.SMALL, 4000 * STEP, 1e-2, TRIAL_SEED),
        Run.fromScratch(Models.LARGE, 5000 * STEP, 5e-3, TRIAL_SEED),
        List.of(5e-3, 1e-2, 2e-2, 4e-2),
        1600 * STEP,
        List.of(1L, 2L, 3L),
        List.of(400 * STEP, 1600 * STEP),
        400 * STEP,
        3200 * STEP);
  }

  /** Proves that everything runs, and nothing else. */
  static Design quick() {
    return new Design(
        Run.fromScratch(Models.SMALL, 60 * STEP, 1e-2, TRIAL_SEED),
        Run.fromScratch(Models.LARGE, 60 * STEP, 5e-3, TRIAL_SEED),
        List.of(1e-2, 2e-2),
        20 * STEP,
        List.of(1L, 2L),
        List.of(20 * STEP, 40 * STEP),
        20 * STEP,
        60 * STEP);
  }

  /** The runs that need nothing, the longest first. */
  List<Run> preparation() {
    return Stream.concat(Stream.of(largeTeacher, smallTeacher), trial()).toList();
  }

  private Stream<Run> trial() {
    return rates.stream().map(rate -> scratch(rateTokens, rate, TRIAL_SEED));
  }

  /** The rate that is best for a student from scratch. */
  double bestRate(Map<Run, Result> results) {
    return trial()
        .min(Comparator.comparingDouble(run -> results.get(run).crossEntropy()))
        .orElseThrow()
        .learningRate();
  }

  /** The student from scratch. */
  Run scratch(long tokens, double rate, long seed) {
    return Run.fromScratch(Models.STUDENT, tokens, rate, seed);
  }

  /** The runs of the tables at a learning rate, each once, in the tables' order. */
  List<Run> comparison(double rate) {
    Set<Run> runs = new LinkedHashSet<>();
    for (long seed : seeds) {
      for (long tokens : horizons) {
        runs.add(scratch(tokens, rate, seed));
        runs.add(scratch(tokens, rate, seed).distilledFrom(largeTeacher));
      }
    }
    for (long seed : seeds) {
      for (long tokens : List.of(shortHorizon, longHorizon)) {
        runs.add(scratch(tokens, rate, seed).distilledFrom(smallTeacher));
        runs.add(scratch(tokens, rate, seed).distilledFrom(largeTeacher));
      }
    }
    return List.copyOf(runs);
  }
}
