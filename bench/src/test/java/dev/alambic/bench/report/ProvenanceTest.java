package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  @Test
  void theProcessorIsTheKernelsName() {
    List<String> cpuinfo =
        List.of("processor\t: 0", "model name\t: Some CPU @ 3: 2 GHz", "model name\t: Other");
    assertThat(Provenance.processor(cpuinfo)).isEqualTo("Some CPU @ 3: 2 GHz");
    assertThat(Provenance.processor(List.of("Features: fp")))
        .isEqualTo(System.getProperty("os.arch"));
  }

  @Test
  void itSaysHowToMakeTheNumbersAgain() {
    assertThat(Provenance.text("bench/run speed"))
        .matches(
            "`bench/run speed`, \\d{4}-\\d\\d-\\d\\d, \\d+ cores of .+, Java \\d.*, commit .+\\.\n");
  }
}
