package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.Draws;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.TeacherProto.Description;
import dev.alambic.teacher.TeacherProto.ScoreReply;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TeacherClientTest {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, 4, 1, 1);
  private static final RetryPolicy SHORT =
      new RetryPolicy(
          Duration.ofMillis(400),
          Duration.ofSeconds(5),
          Duration.ofMillis(5),
          Duration.ofMillis(20));
  private static final RetryPolicy LONG =
      new RetryPolicy(
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofMillis(5),
          Duration.ofMillis(20));

  /** Asks another replica when one has not answered within a fifth of a second. */
  private static final RetryPolicy HASTY =
      new RetryPolicy(
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofMillis(5),
          Duration.ofMillis(20));

  private final List<TeacherServer> servers = new ArrayList<>();
  private final List<Server> liars = new ArrayList<>();
  private TeacherClient client;

  private TeacherServer serve(Scorer scorer) throws IOException {
    TeacherServer.Settings settings =
        new TeacherServer.Settings(0, 40, 80, Duration.ofSeconds(5), TeacherToken.none());
    TeacherServer server = TeacherServer.start(settings, () -> scorer, new SimpleMeterRegistry());
    servers.add(server);
    server.loaded().join();
    return server;
  }

  private static String endpoint(TeacherServer server) {
    return "localhost:" + server.port();
  }

  private void connect(RetryPolicy policy, String... endpoints) throws InterruptedException {
    client = TeacherClient.connect(List.of(endpoints), SETTINGS, policy);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (client != null) {
      client.close();
    }
    servers.forEach(TeacherServer::close);
    for (Server liar : liars) {
      assertThat(liar.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static List<int[]> sequences(int count, int length) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(first -> FakeScorer.sequence(first, length))
        .toList();
  }

  private static void assertRight(List<int[]> sequences, List<Signal> signals) {
    assertThat(signals).hasSameSizeAs(sequences);
    for (int i = 0; i < sequences.size(); i++) {
      SampledSignal expected = (SampledSignal) FakeScorer.signal(sequences.get(i), SETTINGS);
      SampledSignal signal = (SampledSignal) signals.get(i);
      assertThat(signal.ids()).isEqualTo(expected.ids());
      assertThat(signal.counts()).isEqualTo(expected.counts());
      assertThat(signal.labelLogProbability()).isEqualTo(expected.labelLogProbability());
    }
  }

  private static void assertFails(
      CompletableFuture<List<Signal>> answer, ExitCode exitCode, String message) {
    assertThatThrownBy(answer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode));
  }

  @Test
  void requestsAreSplitOverTheReplicasAndPutTogetherInOrder() throws Exception {
    FakeScorer first = new FakeScorer(false);
    FakeScorer second = new FakeScorer(false);
    connect(LONG, endpoint(serve(first)), endpoint(serve(second)));
    assertThat(client.description().maxBatchTokens()).isEqualTo(40);
    List<int[]> sequences = sequences(11, 10);
    assertRight(sequences, client.score(sequences).get());
    assertThat(first.batches()).isNotEmpty();
    assertThat(second.batches()).isNotEmpty();
    assertThat(first.batches().size() + second.batches().size()).isBetween(2, 3);
  }

  @Test
  void nothingAskedIsNothingAnswered() throws Exception {
    connect(LONG, endpoint(serve(new FakeScorer(false))));
    assertThat(client.score(List.of()).get()).isEmpty();
  }

  @Test
  void whenAReplicaDiesAnotherAnswers() throws Exception {
    FakeScorer dying = new FakeScorer(true);
    FakeScorer other = new FakeScorer(false);
    TeacherServer first = serve(dying);
    connect(LONG, endpoint(first), endpoint(serve(other)));
    List<int[]> sequences = sequences(8, 10);
    CompletableFuture<List<Signal>> answer = client.score(sequences);
    await().until(() -> dying.batches().size() == 1);
    dying.failWith(new IllegalStateException("device lost"));
    dying.permit(100);
    assertRight(sequences, answer.get());
    first.close();
    assertRight(sequences, client.score(sequences).get());
  }

  @Test
  void whenAReplicaHangsAnotherAnswersAndItsLateAnswerIsNotUsed() throws Exception {
    FakeScorer hanging = new FakeScorer(true);
    FakeScorer other = new FakeScorer(false);
    connect(HASTY, endpoint(serve(hanging)), endpoint(serve(other)));
    List<int[]> sequences = sequences(8, 10);
    assertRight(sequences, client.score(sequences).get());
    assertThat(hanging.batches()).isNotEmpty();
    hanging.permit(100);
    assertRight(sequences, client.score(sequences).get());
  }

  @Test
  void aFullQueueIsWaitedOut() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    connect(LONG, endpoint(serve(scorer)));
    List<int[]> sequences = sequences(30, 10);
    CompletableFuture<List<Signal>> answer = client.score(sequences);
    await().until(() -> scorer.batches().size() == 1);
    scorer.permit(100);
    assertRight(sequences, answer.get());
  }

  @Test
  void withNoTeacherLeftItGivesUpInTheStatedTimeAndSaysWhy() throws Exception {
    TeacherServer server = serve(new FakeScorer(false));
    String endpoint = endpoint(server);
    connect(SHORT, endpoint);
    server.close();
    long start = System.nanoTime();
    CompletableFuture<List<Signal>> answer = client.score(sequences(1, 10));
    assertFails(
        answer,
        ExitCode.TEACHER_UNAVAILABLE,
        "no teacher answered for 0.4 s (" + endpoint + ": UNAVAILABLE");
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertThat(taken).isBetween(Duration.ofMillis(390), Duration.ofSeconds(5));
  }

  @Test
  void itIsWaitedForATeacherThatComesBack() throws Exception {
    TeacherServer server = serve(new FakeScorer(false));
    connect(LONG, endpoint(server));
    int port = server.port();
    server.close();
    List<int[]> sequences = sequences(2, 10);
    CompletableFuture<List<Signal>> answer = client.score(sequences);
    TeacherServer.Settings settings =
        new TeacherServer.Settings(port, 40, 80, Duration.ofSeconds(5), TeacherToken.none());
    servers.add(
        TeacherServer.start(settings, () -> new FakeScorer(false), new SimpleMeterRegistry()));
    assertRight(sequences, answer.get());
  }

  @Test
  void connectingToNobodyFailsInTheStatedTime() {
    assertThatThrownBy(() -> connect(SHORT, "localhost:1", "localhost:2"))
        .isInstanceOfSatisfying(
            RunException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TEACHER_UNAVAILABLE))
        .hasMessageStartingWith("no teacher answered for 0.4 s (localhost:1: UNAVAILABLE")
        .hasMessageContaining("localhost:2: UNAVAILABLE");
    assertThatThrownBy(() -> connect(SHORT)).hasMessageContaining("teacher.endpoints: is empty");
  }

  @Test
  void aReplicaWithOtherWeightsIsRefusedAtOnce() throws Exception {
    connect(LONG, endpoint(serve(new FakeScorer(false))), endpoint(serve(new OtherWeights())));
    assertFails(
        client.score(sequences(8, 10)),
        ExitCode.DATA,
        "FAILED_PRECONDITION fingerprint: this teacher's weights digest is ffff");
  }

  @Test
  void impossibleTokensAreRefusedAtOnce() throws Exception {
    connect(LONG, endpoint(serve(new FakeScorer(false))));
    assertFails(
        client.score(List.of(new int[] {1, 2}, new int[] {1, 500})),
        ExitCode.DATA,
        "sequence 1, position 1: token 500");
    assertFails(
        client.score(sequences(1, 41)), ExitCode.USAGE, "maxBatchTokens: 40 is less than one");
  }

  @Test
  void closingFailsWhatIsOpen() throws Exception {
    FakeScorer scorer = new FakeScorer(true);
    connect(LONG, endpoint(serve(scorer)));
    CompletableFuture<List<Signal>> running = client.score(sequences(2, 10));
    await().until(() -> scorer.batches().size() == 1);
    client.close();
    assertFails(running, ExitCode.TEACHER_UNAVAILABLE, "");
    scorer.permit(1);
  }

  @Test
  void damagedAnswersAreNeverUsed() throws Exception {
    String damaged = lie(record -> flip(record, 70));
    FakeScorer honest = new FakeScorer(false);
    connect(LONG, damaged, endpoint(serve(honest)));
    List<int[]> sequences = sequences(8, 10);
    for (int i = 0; i < 5; i++) {
      assertRight(sequences, client.score(sequences).get());
    }
    assertThat(honest.batches()).isNotEmpty();
  }

  @Test
  void aTeacherThatOnlyLiesIsGivenUpWithTheReason() throws Exception {
    connect(LONG, lie(record -> flip(record, 70)));
    assertFails(
        client.score(sequences(1, 10)),
        ExitCode.TEACHER_UNAVAILABLE,
        "teachers failed 8 times on one request");
    client.close();
    connect(LONG, lie(record -> ByteString.EMPTY));
    assertFails(
        client.score(sequences(1, 10)),
        ExitCode.TEACHER_UNAVAILABLE,
        "wrong answer: signal record: 0 bytes");
    client.close();
    AtomicInteger asked = new AtomicInteger();
    int[] another = FakeScorer.sequence(77, 10);
    connect(
        LONG,
        lie(
            record -> {
              asked.incrementAndGet();
              return record(another);
            }));
    assertFails(client.score(sequences(1, 10)), ExitCode.TEACHER_UNAVAILABLE, "sequence key is");
    assertThat(asked).hasValue(8);
  }

  @Test
  void tooFewSignalsAreAWrongAnswer() throws Exception {
    connect(LONG, lie(record -> null));
    assertFails(
        client.score(sequences(2, 10)), ExitCode.TEACHER_UNAVAILABLE, "0 signals for 2 sequences");
  }

  @Test
  void brokenNumbersNeverLeaveTheTeacher() throws Exception {
    connect(LONG, endpoint(serve(new NotANumber())));
    assertFails(
        client.score(sequences(1, 10)),
        ExitCode.TEACHER_UNAVAILABLE,
        "entropy at position 3 is NaN nats: the teacher is broken");
  }

  @Test
  void denseSignalsThatNoReplyHoldsAreRefusedBeforeTheyAreAsked() throws Exception {
    client =
        TeacherClient.connect(
            List.of(endpoint(serve(new HugeVocabulary()))),
            new SignalSettings(SignalEncoding.Dense, 0, 0, 1),
            LONG);
    assertFails(client.score(sequences(1, 40)), ExitCode.USAGE, "use Sampled or shorter sequences");
    assertThat(client.description().fingerprint().settings().encoding())
        .isEqualTo(SignalEncoding.Dense);
  }

  private static ByteString record(int[] sequence) {
    SignalCodec codec = new SignalCodec(FakeScorer.fingerprint(SETTINGS));
    Signal signal = FakeScorer.signal(sequence, SETTINGS);
    return ByteString.copyFrom(codec.encode(signal, Draws.sequenceKey(sequence)));
  }

  private static ByteString flip(ByteString record, int at) {
    byte[] bytes = record.toByteArray();
    bytes[at] ^= 1;
    return ByteString.copyFrom(bytes);
  }

  /** A server that answers with changed records; null leaves a record out. */
  private String lie(UnaryOperator<ByteString> lie) throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(TeacherMethods.SERVICE)
            .addMethod(
                TeacherMethods.DESCRIBE,
                ServerCalls.asyncUnaryCall(
                    (request, reply) -> {
                      reply.onNext(description());
                      reply.onCompleted();
                    }))
            .addMethod(
                TeacherMethods.SCORE,
                ServerCalls.asyncUnaryCall(
                    (request, reply) -> {
                      ScoreReply.Builder message = ScoreReply.newBuilder();
                      for (int[] sequence :
                          TokenMessages.sequences(
                              request,
                              FakeScorer.model(),
                              FakeScorer.model().vocabularySize(),
                              40)) {
                        ByteString record = lie.apply(record(sequence));
                        if (record != null) {
                          message.addSignals(record);
                        }
                      }
                      reply.onNext(message.build());
                      reply.onCompleted();
                    }))
            .build();
    Server server = NettyServerBuilder.forPort(0).addService(service).build().start();
    liars.add(server);
    return "localhost:" + server.getPort();
  }

  private static Description description() {
    return Messages.of(new TeacherDescription(FakeScorer.fingerprint(SETTINGS), "liar", 1, 64, 40));
  }

  /** A teacher of another training. */
  private static final class OtherWeights implements Scorer {
    @Override
    public ModelDescription describe() {
      ModelDigests own = SignalFixtures.MODEL;
      ModelDigests other = new ModelDigests(own.config(), "f".repeat(64), own.tokenizer());
      return new ModelDescription(other, "fake", 1, 100, 64, 30);
    }

    @Override
    public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
      throw new AssertionError("must not be asked");
    }

    @Override
    public void close() {}
  }

  /** A teacher whose numbers overflowed. */
  private static final class NotANumber implements Scorer {
    @Override
    public ModelDescription describe() {
      return FakeScorer.model();
    }

    @Override
    public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
      return sequences.stream()
          .map(
              sequence -> {
                Signal signal = FakeScorer.signal(sequence, settings);
                signal.entropy()[3] = Float.NaN;
                return signal;
              })
          .toList();
    }

    @Override
    public void close() {}
  }

  /** A teacher whose dense signals fit in no reply. */
  private static final class HugeVocabulary implements Scorer {
    @Override
    public ModelDescription describe() {
      return new ModelDescription(SignalFixtures.MODEL, "fake", 1, 1 << 20, 64, 30);
    }

    @Override
    public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
      return List.of(new DenseSignal(new float[0], new float[0], new float[0]));
    }

    @Override
    public void close() {}
  }
}
