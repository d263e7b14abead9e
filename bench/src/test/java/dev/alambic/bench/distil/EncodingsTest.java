package dev.alambic.bench.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.bench.distil.Run.SignalForm;
import dev.alambic.signal.TopKSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodingsTest {
  private static final Encodings DESIGN =
      new Encodings(Design.full().largeTeacher(), 1024, 1e-2, List.of(1L, 2L));

  @Test
  void eachRunHasANameOfItsOwnAndSurvivesTheFile() {
    assertThat(DESIGN.students()).hasSize(18);
    assertThat(DESIGN.students().stream().map(Run::name)).doesNotHaveDuplicates();
    for (Run run : DESIGN.students()) {
      assertThat(ResultFile.parseRun(ResultFile.line(run))).isEqualTo(run);
    }
  }

  @Test
  void theShareOfTheGainIsThatOfDense() {
    Map<Run, Result> results = new HashMap<>();
    results.put(DESIGN.teacher(), result(DESIGN.teacher(), 2.5));
    for (long seed : DESIGN.seeds()) {
      results.put(DESIGN.scratch(seed), result(DESIGN.scratch(seed), 4 + 0.1 * seed));
      for (SignalForm said : Encodings.ALL) {
        Run run = DESIGN.student(seed, said);
        double gain = said.equals(Encodings.DENSE) ? 1 : 0.9;
        results.put(run, result(run, 4 + 0.1 * seed - gain));
      }
    }
    String report = DESIGN.report(results);
    assertThat(report.lines().filter(line -> line.contains("Sampled 50")).findFirst().orElseThrow())
        .contains("3.2500 ± 0.0707")
        .contains(" 90.0 ")
        .contains("+20.0");
  }

  private static Result result(Run run, double loss) {
    Double bytes = run.teacher() == null ? null : 30.0;
    Confidence confidence = new Confidence(0.6, 0.4, 0.25);
    return new Result(run, "c", "abc", loss, null, null, 1, bytes, confidence);
  }

  @Test
  void calibrationIsJudgedWithinBins() {
    Confidence.Bins bins = new Confidence.Bins();
    bins.add(0.9, true);
    bins.add(0.9, false);
    bins.add(0.2, false);
    bins.add(0.2, true);
    // Half of each bin is right: 0.4 too sure in one, 0.3 too unsure in the other.
    assertThat(bins.confidence().confidence()).isEqualTo(0.55, within(1e-9));
    assertThat(bins.confidence().accuracy()).isEqualTo(0.5);
    assertThat(bins.confidence().calibrationError()).isEqualTo(0.35, within(1e-9));
  }

  @Test
  void withoutItsBucketTheRestSumsToOne() {
    float[] values = {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.25)};
    TopKSignal signal = new TopKSignal(2, new float[1], new float[1], new int[] {3, 9}, values);
    TopKSignal renormalised = TrainingRun.renormalised(signal);
    assertThat(Math.exp(renormalised.logProbabilities()[0])).isEqualTo(2 / 3.0, within(1e-6));
    assertThat(Math.exp(renormalised.logProbabilities()[1])).isEqualTo(1 / 3.0, within(1e-6));
    assertThat(Math.exp(renormalised.logProbabilities()[2])).isLessThan(1e-40);
    assertThat(renormalised.entropy()[0]).isEqualTo(0.6365f, within(1e-4f));
  }
}
