package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
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
    Provenance provenance =
        new Provenance("bench/run speed", LocalDate.of(2026, 11, 24), "CPU", 2, "17", "abc");
    assertThat(provenance.text())
        .isEqualTo("`bench/run speed`, 2026-11-24, 2 cores of CPU, Java 17, commit abc.\n");
  }
}
