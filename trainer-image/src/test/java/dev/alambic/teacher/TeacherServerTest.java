package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.TeacherProto.DescribeRequest;
import dev.alambic.teacher.TeacherProto.ScoreReply;
import dev.alambic.teacher.TeacherProto.ScoreRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TeacherServerTest {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, 4, 1, 1);
  private static final Fingerprint FINGERPRINT = FakeScorer.fingerprint(SETTINGS);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TeacherServer server;
  private ManagedChannel channel;

  private void start(Supplier<Scorer> loader) throws IOException {
    TeacherServer.Settings settings =
        new TeacherServer.Settings(0, 40, 60, Duration.ofSeconds(10), TeacherToken.none());
    server = TeacherServer.start(settings, loader, registry);
    channel = NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
  }

  private void startLoaded(FakeScorer scorer) throws IOException {
    start(() -> scorer);
    server.loaded().join();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    server.close();
    assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  private static ScoreRequest request(Fingerprint fingerprint, int[]... sequences) {
    ScoreRequest.Builder request =
        ScoreRequest.newBuilder().setFingerprint(Messages.of(fingerprint));
    TokenMessages.put(request, Arrays.asList(sequences));
    return request.build();
  }

  private ListenableFuture<ScoreReply> ask(ScoreRequest request) {
    return ask(request, CallOptions.DEFAULT);
  }

  private ListenableFuture<ScoreReply> ask(ScoreRequest request, CallOptions options) {
    return ClientCalls.futureUnaryCall(channel.newCall(TeacherMethods.SCORE, options), request);
  }

  private ListenableFuture<ScoreReply> askFor(int first, int length) {
    return ask(request(FINGERPRINT, FakeScorer.sequence(first, length)));
  }

  private static void assertStatus(
      ListenableFuture<ScoreReply> reply, Status.Code code, String message) {
    assertThatThrownBy(() -> reply.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
            });
  }

  private ServingStatus health() {
    return ClientCalls.blockingUnaryCall(
            channel,
            HealthGrpc.getCheckMethod(),
            CallOptions.DEFAULT,
            HealthCheckRequest.newBuilder().setService(TeacherMethods.SERVICE).build())
        .getStatus();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private void awaitBatches(FakeScorer scorer, int count) {
    await().until(() -> scorer.batches().size() == count);
  }

  private void awaitQueued(int requests) {
    await().until(() -> gauge("alambic.teacher.queue.requests") == requests);
  }

  @Test
  void answersWithOneRecordPerSequence() throws Exception {
    startLoaded(new FakeScorer(false));
    int[] first = FakeScorer.sequence(3, 5);
    int[] second = FakeScorer.sequence(4, 9);
    ScoreReply reply = ask(request(FINGERPRINT, first, second)).get();
    SignalCodec codec = new SignalCodec(FINGERPRINT);
    assertThat(reply.getSignalsCount()).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      int[] sequence = i == 0 ? first : second;
      byte[] record = reply.getSignals(i).toByteArray();
      SampledSignal signal =
          (SampledSignal) codec.decode(record, sequence.length - 1, Draws.sequenceKey(sequence));
      SampledSignal expected = (SampledSignal) FakeScorer.signal(sequence, SETTINGS);
      assertThat(signal.ids()).isEqualTo(expected.ids());
      assertThat(signal.counts()).isEqualTo(expected.counts());
      assertThat(signal.entropy()).isEqualTo(expected.entropy());
    }
    assertThat(registry.get("alambic.teacher.tokens").counter().count()).isEqualTo(14);
    assertThat(registry.get("alambic.teacher.engine").timer().count()).isEqualTo(1);
  }

  @Test
  void requestsThatComeWhileTheEngineIsBusyShareABatch() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    startLoaded(scorer);
    ListenableFuture<ScoreReply> first = askFor(1, 10);
    awaitBatches(scorer, 1);
    ListenableFuture<ScoreReply> second = askFor(2, 10);
    awaitQueued(1);
    ListenableFuture<ScoreReply> third = askFor(3, 20);
    awaitQueued(2);
    ListenableFuture<ScoreReply> tooMuchForTheBatch = askFor(4, 15);
    awaitQueued(3);
    assertThat(gauge("alambic.teacher.queue.tokens")).isEqualTo(45);
    scorer.permit(3);
    for (var reply : List.of(first, second, third, tooMuchForTheBatch)) {
      assertThat(reply.get().getSignalsCount()).isEqualTo(1);
    }
    assertThat(scorer.batches()).containsExactly(List.of(1), List.of(2, 3), List.of(4));
    assertThat(registry.get("alambic.teacher.batch.tokens").summary().max()).isEqualTo(30);
  }

  @Test
  void aFullQueueRefusesAndSaysSo() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    startLoaded(scorer);
    ListenableFuture<ScoreReply> running = askFor(1, 10);
    awaitBatches(scorer, 1);
    ListenableFuture<ScoreReply> waiting = askFor(2, 40);
    awaitQueued(1);
    assertStatus(askFor(3, 21), Status.Code.RESOURCE_EXHAUSTED, "40 tokens wait");
    assertThat(registry.get("alambic.teacher.refused.requests").counter().count()).isEqualTo(1);
    scorer.permit(2);
    assertThat(running.get().getSignalsCount()).isEqualTo(1);
    assertThat(waiting.get().getSignalsCount()).isEqualTo(1);
  }

  @Test
  void aCancelledRequestLeavesTheQueue() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    startLoaded(scorer);
    ListenableFuture<ScoreReply> running = askFor(1, 10);
    awaitBatches(scorer, 1);
    ListenableFuture<ScoreReply> cancelled = askFor(2, 10);
    ListenableFuture<ScoreReply> kept = askFor(3, 10);
    awaitQueued(2);
    cancelled.cancel(true);
    awaitQueued(1);
    scorer.permit(2);
    assertThat(running.get().getSignalsCount()).isEqualTo(1);
    assertThat(kept.get().getSignalsCount()).isEqualTo(1);
    assertThat(scorer.batches()).containsExactly(List.of(1), List.of(3));
  }

  @Test
  void aRequestWhoseDeadlinePassesLeavesTheQueue() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    startLoaded(scorer);
    ListenableFuture<ScoreReply> running = askFor(1, 10);
    awaitBatches(scorer, 1);
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);
    ListenableFuture<ScoreReply> late = ask(request(FINGERPRINT, FakeScorer.sequence(2, 10)), soon);
    assertStatus(late, Status.Code.DEADLINE_EXCEEDED, "");
    awaitQueued(0);
    scorer.permit(1);
    assertThat(running.get().getSignalsCount()).isEqualTo(1);
    assertThat(scorer.batches()).containsExactly(List.of(1));
  }

  @Test
  void anotherFingerprintIsRefusedAndTheFieldNamed() throws Exception {
    startLoaded(new FakeScorer(false));
    ModelDigests model = SignalFixtures.MODEL;
    ModelDigests other = new ModelDigests(model.config(), "f".repeat(64), model.tokenizer());
    int own = Fingerprint.VERSION;
    assertMismatch(new Fingerprint(own, other, 100, 30, SETTINGS), "weights digest is dddd");
    assertMismatch(new Fingerprint(1, model, 100, 30, SETTINGS), "version is 2, asked for 1");
    assertMismatch(
        new Fingerprint(own, model, 99, 30, SETTINGS), "vocabularySize is 100, asked for 99");
    assertMismatch(
        new Fingerprint(own, model, 100, 50, SETTINGS), "finalSoftCap is 0x1.ep4, asked for");
  }

  private void assertMismatch(Fingerprint asked, String difference) {
    ScoreRequest request = request(asked, FakeScorer.sequence(1, 5));
    assertStatus(
        ask(request), Status.Code.FAILED_PRECONDITION, "fingerprint: this teacher's " + difference);
  }

  @Test
  void impossibleRequestsAreNamedBySequenceAndPosition() throws Exception {
    startLoaded(new FakeScorer(false));
    int[] good = FakeScorer.sequence(1, 5);
    assertInvalid(
        request(FINGERPRINT, good, new int[] {1, 2, 100}),
        "sequence 1, position 2: token 100 is outside of the teacher's vocabulary of 100");
    assertInvalid(
        request(FINGERPRINT, good, new int[] {1, -1}), "sequence 1, position 1: token -1");
    assertInvalid(request(FINGERPRINT, good, new int[] {1}), "sequence 1 has 1 tokens");
    assertInvalid(request(FINGERPRINT, new int[66]), "sequence 0 has 66 tokens");
    assertInvalid(request(FINGERPRINT, new int[21], new int[20]), "maxBatchTokens = 40");
    assertInvalid(request(FINGERPRINT), "no sequences");
    assertInvalid(
        request(FINGERPRINT, good).toBuilder().setTokens(ByteString.copyFrom(new byte[3])).build(),
        "tokens has 3 bytes; the lengths need 20");
    assertInvalid(
        request(FINGERPRINT, good).toBuilder().addLengths(Integer.MAX_VALUE).addLengths(-4).build(),
        "sequence 1 has 2147483647 tokens");
    ScoreRequest.Builder unknown = request(FINGERPRINT, good).toBuilder();
    unknown.getFingerprintBuilder().getSettingsBuilder().setEncoding("Best");
    assertInvalid(unknown.build(), "signal.encoding: \"Best\" is unknown");
  }

  private void assertInvalid(ScoreRequest request, String message) {
    assertStatus(ask(request), Status.Code.INVALID_ARGUMENT, message);
  }

  @Test
  void describesItselfForTheSettings() throws Exception {
    startLoaded(new FakeScorer(false));
    TeacherDescription description =
        Messages.description(
            ClientCalls.blockingUnaryCall(
                channel,
                TeacherMethods.DESCRIBE,
                CallOptions.DEFAULT,
                DescribeRequest.newBuilder().setSettings(Messages.of(SETTINGS)).build()));
    assertThat(description).isEqualTo(new TeacherDescription(FINGERPRINT, "fake", 1234, 64, 40));
  }

  @Test
  void servesOnceTheModelIsLoaded() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    FakeScorer scorer = new FakeScorer(false);
    start(
        () -> {
          awaitLatch(loading);
          return scorer;
        });
    assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
    assertStatus(askFor(1, 5), Status.Code.UNAVAILABLE, "the teacher is loading its model");
    loading.countDown();
    await().until(() -> health() == ServingStatus.SERVING);
    assertThat(askFor(1, 5).get().getSignalsCount()).isEqualTo(1);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aModelThatCannotBeLoadedEndsTheServer() throws Exception {
    start(
        () -> {
          throw new IllegalStateException("no such file");
        });
    assertThatThrownBy(() -> server.ended().get())
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("no such file");
    assertThat(server.loaded()).isCompletedExceptionally();
    assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void aBatchThatFailsFailsItsRequestsOnly() throws Exception {
    FakeScorer scorer = new FakeScorer(false);
    startLoaded(scorer);
    scorer.failWith(new IllegalStateException("out of memory"));
    assertStatus(askFor(1, 5), Status.Code.INTERNAL, "out of memory");
    assertStatus(askFor(2, 5), Status.Code.INTERNAL, "out of memory");
    scorer.failWith(null);
    assertThat(askFor(3, 5).get().getSignalsCount()).isEqualTo(1);
    assertThat(health()).isEqualTo(ServingStatus.SERVING);
    assertThat(registry.get("alambic.teacher.failed.batches").counter().count()).isEqualTo(2);
  }

  @Test
  void anEngineThatFailsThriceInARowEnds() throws Exception {
    FakeScorer scorer = new FakeScorer(false);
    startLoaded(scorer);
    scorer.failWith(new IllegalStateException("device lost"));
    for (int i = 0; i < ScoreEngine.FAILURES_IN_A_ROW; i++) {
      assertStatus(askFor(1, 5), Status.Code.INTERNAL, "device lost");
    }
    assertThatThrownBy(() -> server.ended().get())
        .hasMessageContaining("3 batches failed in a row, the last with: device lost");
    assertThat(scorer.isClosed()).isTrue();
    assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
    assertStatus(askFor(1, 5), Status.Code.UNAVAILABLE, "shutting down");
  }

  @Test
  void closingAnswersWhatWasAcceptedAndRefusesTheRest() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    startLoaded(scorer);
    ListenableFuture<ScoreReply> running = askFor(1, 10);
    awaitBatches(scorer, 1);
    ListenableFuture<ScoreReply> waiting = askFor(2, 10);
    awaitQueued(1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    await().untilAsserted(() -> assertStatus(askFor(3, 10), Status.Code.UNAVAILABLE, ""));
    assertThat(closing).isNotDone();
    scorer.permit(2);
    assertThat(running.get().getSignalsCount()).isEqualTo(1);
    assertThat(waiting.get().getSignalsCount()).isEqualTo(1);
    closing.join();
    assertThat(scorer.isClosed()).isTrue();
    assertThat(server.ended()).isCompleted();
  }

  @Test
  void whatIsNoMessageIsTheCallersFault() throws Exception {
    startLoaded(new FakeScorer(false));
    MethodDescriptor<byte[], ScoreReply> raw = TeacherMethods.unread(TeacherMethods.SCORE);
    byte[] noMessage = {(byte) 0x0A, (byte) 0xFF, 1};
    assertStatus(
        ClientCalls.futureUnaryCall(channel.newCall(raw, CallOptions.DEFAULT), noMessage),
        Status.Code.INVALID_ARGUMENT,
        "the request is not a protobuf message");
  }
}
