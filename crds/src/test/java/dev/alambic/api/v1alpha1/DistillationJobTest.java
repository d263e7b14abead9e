package dev.alambic.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class DistillationJobTest {
  private static final ObjectMapper STRICT =
      new YAMLMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  @Test
  void everyFieldSurvivesJackson() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("every-field.yaml")) {
      DistillationJob job = STRICT.readValue(file, DistillationJob.class);
      String written = STRICT.writeValueAsString(job);
      assertThat(STRICT.readTree(written))
          .isEqualTo(STRICT.readTree(getClass().getResourceAsStream("every-field.yaml")));
      assertThat(STRICT.readValue(written, DistillationJob.class)).isEqualTo(job);
    }
  }

  @Test
  void countsMayBeIntegersBeyond32Bits() throws JsonProcessingException {
    DistillationJob job =
        STRICT.readValue("spec: {tokenBudget: 2000000000000}", DistillationJob.class);
    assertThat(Count.parse(job.getSpec().tokenBudget())).isEqualTo(2_000_000_000_000L);
  }

  @Test
  void whatIsUnsetIsNotWritten() throws JsonProcessingException {
    DistillationJob job = STRICT.readValue("spec: {tokenBudget: 2T}", DistillationJob.class);
    assertThat(STRICT.readTree(STRICT.writeValueAsString(job)).get("spec"))
        .isEqualTo(STRICT.readTree("{tokenBudget: 2T}"));
  }
}
