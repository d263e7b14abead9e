package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.failure.RunException;
import dev.alambic.http.StatusServer;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.Scorer;
import dev.alambic.teacher.TeacherClient;
import dev.alambic.teacher.TeacherServer;
import dev.alambic.teacher.TeacherToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trainer that shows the wrong token, and a teacher: neither's token is in what they serve. */
@Timeout(30)
class TokenStaysHiddenTest {
  private static final String DEMANDED = "ZGVtYW5kZWQ";
  private static final String SHOWN = "c2hvd24";
  private static final SignalSettings SIGNALS = new SignalSettings(SignalEncoding.Sampled, 4, 1, 1);
  private static final RetryPolicy BRIEF =
      new RetryPolicy(
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMillis(5),
          Duration.ofMillis(20));

  /** As much of one as is told of it. */
  private static final RunSpec RUN =
      RunJson.read(
          """
          {"version": "%s", "job": "quickstart", "training": {"tokenBudget": 1000},
           "student": {}, "data": {}, "objective": {}, "signal": {}, "evaluation": {},
           "checkpoint": {}, "saturation": {}, "trainers": {}}"""
              .formatted(RunSpec.VERSION),
          RunSpec.class);

  @Test
  void neitherProgressNorMetricsShowIt() throws Exception {
    ProgressBoard board = new ProgressBoard(RUN, System::nanoTime);
    TeacherServer.Settings settings =
        TeacherServer.Settings.of(0, 40).demanding(TeacherToken.of(DEMANDED));
    try (PodMetrics metrics = new PodMetrics();
        TeacherServer teacher =
            TeacherServer.start(settings, TokenStaysHiddenTest::noModel, metrics.registry());
        StatusServer status =
            metrics
                .on(new StatusServer(0))
                .serve(
                    "/progress", "text/plain", () -> true, () -> RunJson.write(board.latest()))) {
      status.start();
      RunException refused =
          catchThrowableOfType(RunException.class, () -> connect(teacher.port()));
      board.ended(State.Failed, FailureReport.message(refused));

      String progress = get(status, "/progress");
      assertThat(progress).contains("UNAUTHENTICATED").doesNotContain(DEMANDED, SHOWN);
      assertThat(get(status, "/metrics"))
          .contains("alambic_teacher_")
          .doesNotContain(DEMANDED, SHOWN);
      assertThat(RunJson.write(board.latest().brief())).doesNotContain(DEMANDED, SHOWN);
    }
  }

  private static void connect(int port) throws InterruptedException {
    TeacherClient.connect(List.of("localhost:" + port), TeacherToken.of(SHOWN), SIGNALS, BRIEF)
        .close();
  }

  private static Scorer noModel() {
    throw new IllegalStateException("no model is needed to refuse");
  }

  private static String get(StatusServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    HttpClient client = HttpClient.newHttpClient();
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
