package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.SharedIds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeacherLinkTest {
  @Test
  void aTeacherWithNeitherEndpointsNorCacheIsRefused() {
    RunSpec spec =
        RunJson.read(
            """
            {"version": "%s", "job": "small", "threads": 1, "training": {},
             "teacher": {"modelPath": "model", "endpoints": [], "maxBatchTokens": 1024,
                         "runtime": "Builtin"},
             "student": {}, "data": {}, "objective": {}, "signal": {}, "evaluation": {},
             "checkpoint": {}, "saturation": {},
             "trainers": {"addresses": ["127.0.0.1:1"], "sharding": "None", "gradientShares": 1}}"""
                .formatted(RunSpec.VERSION),
            RunSpec.class);
    assertThatThrownBy(() -> TeacherLink.open(spec, null, new SharedIds(9, Map.of()), () -> {}))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "teacher.endpoints: is empty, and signal.cachePath names no signals either: give one"
                + " of them");
  }
}
