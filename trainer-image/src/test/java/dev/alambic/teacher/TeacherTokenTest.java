package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A teacher that answers its own trainer alone. */
@Timeout(30)
class TeacherTokenTest {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, 4, 1, 1);
  private static final RetryPolicy BRIEF =
      new RetryPolicy(
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          Duration.ofMillis(5),
          Duration.ofMillis(20));
  private static final TeacherToken OURS = TeacherToken.of("b3Vycw");
  private static final TeacherToken ANOTHER = TeacherToken.of("YW5vdGhlcg");

  private final List<TeacherServer> servers = new ArrayList<>();

  private String serve(TeacherToken token) throws IOException {
    TeacherServer server =
        TeacherServer.start(
            TeacherServer.Settings.of(0, 40).demanding(token),
            () -> new FakeScorer(false),
            new SimpleMeterRegistry());
    servers.add(server);
    server.loaded().join();
    return "localhost:" + server.port();
  }

  @AfterEach
  void stop() {
    servers.forEach(TeacherServer::close);
  }

  private static List<Signal> ask(TeacherToken token, String... endpoints) throws Exception {
    try (TeacherClient client = TeacherClient.connect(List.of(endpoints), token, SETTINGS, BRIEF)) {
      return client.score(List.of(FakeScorer.sequence(1, 10))).get();
    }
  }

  @Test
  void itsOwnTrainerIsAnswered() throws Exception {
    assertThat(ask(OURS, serve(OURS))).hasSize(1);
  }

  @Test
  void othersAreToldWhy() throws Exception {
    String endpoint = serve(OURS);
    for (TeacherToken token : List.of(ANOTHER, TeacherToken.none())) {
      String shown = token == ANOTHER ? "another token" : "no token";
      assertThatThrownBy(() -> ask(token, endpoint))
          .isInstanceOfSatisfying(
              RunException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEACHER_UNAVAILABLE))
          .hasMessage(
              "no teacher answered for 0.3 s (%s: UNAUTHENTICATED the request shows %s: this teacher"
                      .formatted(endpoint, shown)
                  + " answers the trainer of its own job (ALAMBIC_TEACHER_TOKEN)): see the"
                  + " teacher's pods");
    }
  }

  /** As in a job that was deleted and made again: the old one's pods go a moment later. */
  @Test
  void aReplicaOfTheRunBeforeIsPassedOver() throws Exception {
    assertThat(ask(OURS, serve(ANOTHER), serve(OURS))).hasSize(1);
  }

  @Test
  void withoutATokenEverybodyIsAnswered() throws Exception {
    String endpoint = serve(TeacherToken.none());
    assertThat(ask(TeacherToken.none(), endpoint)).hasSize(1);
    assertThat(ask(OURS, endpoint)).hasSize(1);
  }

  @Test
  void thePlatformsProbesShowNone() throws Exception {
    String endpoint = serve(OURS);
    ManagedChannel channel = NettyChannelBuilder.forTarget(endpoint).usePlaintext().build();
    try {
      assertThat(
              ClientCalls.blockingUnaryCall(
                      channel,
                      HealthGrpc.getCheckMethod(),
                      CallOptions.DEFAULT,
                      HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void admitsTheSameAndNothingLikeIt() {
    assertThat(OURS.admits(OURS.headers())).isTrue();
    assertThat(OURS.admits(TeacherToken.of("b3Vyc").headers())).isFalse();
    assertThat(OURS.admits(TeacherToken.of("b3Vyc3").headers())).isFalse();
    assertThat(OURS.admits(TeacherToken.none().headers())).isFalse();
  }

  @Test
  void aLineBreakAtTheEndIsNoPartOfIt() {
    assertThat(OURS.admits(TeacherToken.of("b3Vycw\n").headers())).isTrue();
    assertThatCode(() -> TeacherToken.of(null)).doesNotThrowAnyException();
  }

  @Test
  void whatCannotStandInAHeaderIsRefusedAndNotShown() {
    for (String text : List.of("two words", "a\r\nx-evil: 1", "é")) {
      assertThatThrownBy(() -> TeacherToken.of(text))
          .isInstanceOfSatisfying(
              RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageStartingWith("ALAMBIC_TEACHER_TOKEN: ")
          .hasMessageNotContaining(text);
    }
  }

  @Test
  void itNeverShows() {
    assertThat(OURS.toString() + TeacherServer.Settings.of(0, 1).demanding(OURS))
        .doesNotContain("b3Vycw");
  }
}
