package dev.alambic.bench.distil;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final double RATE = 1e-2;
  private static final Run SMALL = Run.fromScratch(Models.SMALL, 400_000, 1e-2, 0);
  private static final Run LARGE = Run.fromScratch(Models.LARGE, 400_000, 5e-3, 0);
  private static final Design DESIGN =
      new Design(
          SMALL,
          LARGE,
          List.of(RATE),
          50_000,
          List.of(1L, 2L),
          List.of(100_000L, 200_000L),
          100_000,
          300_000);

  private final Map<Run, Result> results = new HashMap<>();

  @BeforeEach
  void asPublished() {
    put(SMALL, 3.5);
    put(LARGE, 3.0);
    for (long seed : DESIGN.seeds()) {
      double noise = seed * 0.01;
      put(scratch(100_000, seed), 4.2 + noise);
      put(scratch(200_000, seed), 3.9 + noise);
      put(scratch(100_000, seed).distilledFrom(LARGE), 4.0 - noise);
      put(scratch(200_000, seed).distilledFrom(LARGE), 3.7 + noise);
      put(scratch(300_000, seed).distilledFrom(LARGE), 3.6 + noise);
      put(scratch(100_000, seed).distilledFrom(SMALL), 3.95 - noise);
      put(scratch(300_000, seed).distilledFrom(SMALL), 3.65 + noise);
    }
  }

  private static Run scratch(long tokens, long seed) {
    return DESIGN.scratch(tokens, RATE, seed);
  }

  private void put(Run run, double loss) {
    results.put(run, new Result(run, "corpus", "abc", loss, null, null, 1, null, null));
  }

  private String report() {
    return new Report(DESIGN, results, RATE).text();
  }

  @Test
  void eachSeedHasItsRowAndEachHorizonItsMean() {
    assertThat(report())
        .contains(
            """
            | tokens |      seed |         scratch |       distilled | distilled - scratch |
            |:-------|----------:|----------------:|----------------:|--------------------:|
            | 100K   |         1 |          4.2100 |          3.9900 |             -0.2200 |
            | 100K   |         2 |          4.2200 |          3.9800 |             -0.2400 |
            | 100K   | mean ± sd | 4.2150 ± 0.0071 | 3.9850 ± 0.0071 |    -0.2300 ± 0.0141 |
            """);
  }

  @Test
  void theTeachersOwnLossesAreSaid() {
    assertThat(report())
        .contains("Small teacher: 32K parameters, trained on 400K tokens, loss 3.5000.")
        .contains("Large teacher: 272K parameters, trained on 400K tokens, loss 3.0000.");
  }

  @Test
  void whatIsPublishedReadsAsSuch() {
    assertThat(report())
        .contains("Distilled is lower in all 4 pairs.")
        .contains("The order reverses: the small teacher is the better one in 2 of 2 seeds at 100K")
        .contains("in 0 of 2 at 300K");
  }

  @Test
  void aPairThatIsNotLowerIsSaid() {
    put(scratch(200_000, 2).distilledFrom(LARGE), 3.95);
    assertThat(report()).contains("Distilled is lower in 3 of 4 pairs only.");
  }

  @Test
  void anOrderThatDidNotReverseIsSaidPlainly() {
    for (long seed : DESIGN.seeds()) {
      put(scratch(100_000, seed).distilledFrom(SMALL), 4.05);
    }
    assertThat(report())
        .contains("**The order did not reverse**: the small teacher is the better one in 0 of 2");
  }

  @Test
  void aSmallTeacherThatStaysBetterIsNoReversal() {
    for (long seed : DESIGN.seeds()) {
      put(scratch(300_000, seed).distilledFrom(SMALL), 3.5);
    }
    assertThat(report()).contains("**The order did not reverse**").contains("in 2 of 2 at 300K");
  }
}
