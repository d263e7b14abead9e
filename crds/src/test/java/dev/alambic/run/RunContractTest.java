package dev.alambic.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunContractTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final int TERMINATION_MESSAGE_BYTES = 4096;

  @Test
  void runSpecSurvivesJson() throws JsonProcessingException {
    RunSpec spec = runSpec();
    assertThat(JSON.readValue(JSON.writeValueAsString(spec), RunSpec.class)).isEqualTo(spec);
  }

  @Test
  void progressSurvivesJson() throws JsonProcessingException {
    Progress progress = progress("waiting", "/out/student");
    assertThat(JSON.readValue(JSON.writeValueAsString(progress), Progress.class))
        .isEqualTo(progress);
  }

  @Test
  void progressMayKnowNothingYet() throws JsonProcessingException {
    Progress progress = fresh();
    assertThat(JSON.readValue(JSON.writeValueAsString(progress), Progress.class))
        .isEqualTo(progress);
  }

  @Test
  void briefProgressFitsATerminationMessage() throws IOException {
    // A letter of four bytes, a control character and a quote are the longest as JSON.
    for (String longest : List.of("\uD83D\uDE00", "\u0001", "\"", "e")) {
      Progress brief = progress(longest.repeat(20_000), longest.repeat(20_000)).brief();
      byte[] message = JSON.writeValueAsString(brief).getBytes(StandardCharsets.UTF_8);
      assertThat(message).hasSizeLessThan(TERMINATION_MESSAGE_BYTES);
      Progress read = JSON.readValue(message, Progress.class);
      assertThat(read.position().tokens()).isEqualTo(Long.MAX_VALUE);
      assertThat(read.learning().curve()).hasSize(1);
      assertThat(read.stage().message()).endsWith("…");
    }
  }

  @Test
  void briefProgressKeepsWhatFits() {
    Progress progress = progress("no teacher answers at teacher:50051", "/out/student");
    assertThat(progress.brief().stage().message()).isEqualTo(progress.stage().message());
    assertThat(progress.brief().saved().modelPath()).isEqualTo(progress.saved().modelPath());
    assertThat(progress.brief().verdict().saturation()).isEqualTo(progress.verdict().saturation());
    int points = progress.learning().curve().size();
    assertThat(progress.brief().learning().curve())
        .as("the loss of the cooled-down student")
        .containsExactly(progress.learning().curve().get(points - 1));
    assertThat(fresh().brief().learning().curve()).isEmpty();
  }

  static Progress fresh() {
    return new Progress(
        Progress.VERSION,
        "tiny",
        new Progress.Stage(Progress.State.Preparing, null),
        new Progress.Position(0, 0, 1000),
        new Progress.Speed(null, null),
        new Progress.Learning(0, 0, null, null, List.of()),
        new Progress.Verdict(null, List.of()),
        new Progress.Saved(null, null, List.of(), null));
  }

  private static Progress progress(String message, String path) {
    double wide = -Double.MIN_NORMAL;
    Progress.CurvePoint point =
        new Progress.CurvePoint(
            Long.MAX_VALUE, wide, wide, wide, new Progress.Masses(wide, wide, wide), true);
    return new Progress(
        Progress.VERSION,
        "a".repeat(48),
        new Progress.Stage(Progress.State.WaitingForTeacher, message),
        new Progress.Position(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
        new Progress.Speed(wide, wide),
        new Progress.Learning(
            Long.MAX_VALUE, 0, wide, wide, Collections.nCopies(Progress.MAX_CURVE_POINTS, point)),
        new Progress.Verdict(
            new Progress.Saturation(
                SaturationState.NearSaturation,
                "r".repeat(200),
                new Progress.Gains(wide, wide, null),
                new Progress.Range(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                new Progress.Fit(wide, wide, wide, wide, Integer.MAX_VALUE),
                Long.MAX_VALUE,
                null),
            List.of()),
        new Progress.Saved(
            new Progress.Checkpoint(
                Long.MAX_VALUE, path, Instant.parse("2026-11-01T12:00:00.123456789Z")),
            message,
            List.of(new Progress.Damage(path, message)),
            path));
  }

  static RunSpec runSpec() {
    return new RunSpec(
        RunSpec.VERSION,
        "tiny",
        new RunSpec.Teacher(
            "/models/teacher", List.of("127.0.0.1:50051"), 8192, TeacherRuntime.Builtin, null),
        new RunSpec.Student(
            DecoderConfig.gemma2(512, 64, 2, 4, 2, 16, 256, 128, 256, 1e4, 1e-6, 50, 30, 16),
            new RunSpec.InitFrom(
                "/models/start", new AskedShape(null, 2, null, null, null, null, null, null, null)),
            "/models/teacher",
            "/out/student"),
        new RunSpec.Data("/data", DataFormat.JSONLines, "text", null, "/cache", null),
        new RunSpec.Objective(Divergence.ForwardKL, 1, 0.25, 0.5),
        new RunSpec.Signal(SignalEncoding.Sampled, 50, Long.MAX_VALUE, "/signals"),
        new RunSpec.Training(
            2_000_000_000_000L,
            256,
            16,
            8,
            100,
            new RunSpec.Rate(Schedule.WarmupStableDecay, 10, 20, 3e-4, 3e-5),
            RunSpec.Optimizer.DEFAULT,
            new RunSpec.Numerics(Precision.BF16, true, 7)),
        new RunSpec.Rollout(1, 0.95, 512, 4, 0.5, 9, 64),
        new RunSpec.Evaluation(64, 10_000, 8, 4096),
        new RunSpec.Checkpoint("/checkpoints", 500_000_000, 3, false),
        new RunSpec.Saturation(SaturationAction.Stop, 0.002, false),
        RunSpec.Trainers.ONE,
        2);
  }

  @Test
  void nothingIsNoProgress() {
    assertThatThrownBy(() -> RunJson.read("null", Progress.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("is null, not a Progress");
  }

  /** Any image may be the trainer: what it leaves out must not break the operator. */
  @Test
  void aProgressTellsItsStateAndMayLeaveOutItsCurve() {
    assertThatThrownBy(() -> RunJson.read("{\"step\": 1}", Progress.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state: is missing");
    Progress progress = RunJson.read("{\"state\": \"Training\"}", Progress.class);
    assertThat(progress.learning().curve()).isEmpty();
    assertThat(progress.brief().learning().curve()).isEmpty();
    assertThatThrownBy(
            () -> RunJson.read("{\"state\": \"Training\", \"curve\": [null]}", Progress.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("curve: an entry is null");
  }

  @Test
  void aRunWithoutOneOfItsPartsIsRefusedByName() {
    String version = "{\"version\": \"" + RunSpec.VERSION + "\"}";
    assertThatThrownBy(() -> RunJson.read(version, RunSpec.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("student: is missing");
  }

  /** Parts are written flat; a field of none of them is refused like any other. */
  @Test
  void anUnknownFieldOfTrainingIsRefused() {
    String json = RunJson.write(runSpec()).replace("\"beta2\"", "\"beta3\"");
    assertThatThrownBy(() -> RunJson.read(json, RunSpec.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown field training.beta3");
  }

  @Test
  void anErrorIsOneLineThatCanBeShown() {
    String hostile = "{\n \"a\u0007\u202e" + "b".repeat(10_000) + "\": 1}";
    assertThatThrownBy(() -> RunJson.read(hostile, RunSpec.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2, column ")
        .message()
        .hasSizeLessThan(2000)
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    assertThat(new RunException(ExitCode.DATA, "a\r\nfile\u001b[2J: reason").getMessage())
        .isEqualTo("a file?[2J: reason");
  }
}
