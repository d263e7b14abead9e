package dev.alambic.bench.fuzz;

import com.google.protobuf.ByteString;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.ModelDescription;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.Scorer;
import dev.alambic.teacher.TeacherClient;
import dev.alambic.teacher.TeacherProto;
import dev.alambic.teacher.TeacherServer;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A teacher's server that gets damaged messages, and damaged bytes in place of HTTP/2. It has to
 * refuse the message by the caller's own fault, and to answer a sound one after that.
 */
final class TeacherTargets implements AutoCloseable {
  private static final int[] TOKENS = {1, 4, 2, 6, 3};
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, SignalTargets.SIZE, 1, 1);
  private static final byte[] PREFACE =
      Seeds.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
  private static final List<String> WORDS =
      List.of("Sampled", "TopK", "Dense", "Label", "\0\0\0\0", "PRI * HTTP/2.0", "\r\n\r\n");
  private static final int PATIENCE_MILLIS = 2_000;

  /** What blames the caller, or asks it to come again. */
  private static final Set<Status.Code> REFUSALS =
      Set.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.RESOURCE_EXHAUSTED);

  private final TeacherServer server;
  private final ManagedChannel channel;
  private final TeacherClient client;

  private TeacherTargets(TeacherServer server) throws InterruptedException {
    this.server = server;
    String address = "localhost:" + server.port();
    this.channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    this.client = TeacherClient.connect(List.of(address), SETTINGS, RetryPolicy.DEFAULT);
  }

  static TeacherTargets open() throws IOException, InterruptedException {
    return new TeacherTargets(
        TeacherServer.start(
            TeacherServer.Settings.of(0, 256), FlatScorer::new, new SimpleMeterRegistry()));
  }

  /** A message that the server refuses. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  List<Target> all() {
    byte[] describe =
        TeacherProto.DescribeRequest.newBuilder().setSettings(settings()).build().toByteArray();
    return List.of(
        Target.of(
                "gRPC Describe",
                List.of(describe),
                WORDS,
                RefusedException.class,
                in -> call("Describe", in))
            .dear(10),
        Target.of(
                "gRPC Score",
                List.of(score()),
                WORDS,
                RefusedException.class,
                in -> call("Score", in))
            .dear(10),
        Target.of("HTTP/2 bytes", List.of(PREFACE), WORDS, IOException.class, this::bytes)
            .dear(40));
  }

  private static TeacherProto.SignalSettings settings() {
    return TeacherProto.SignalSettings.newBuilder()
        .setEncoding("Sampled")
        .setSize(SignalTargets.SIZE)
        .setSeed(1)
        .setTemperature(1)
        .build();
  }

  private static byte[] score() {
    ByteBuffer tokens =
        ByteBuffer.allocate(TOKENS.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    tokens.asIntBuffer().put(TOKENS);
    return TeacherProto.ScoreRequest.newBuilder()
        .setFingerprint(
            TeacherProto.Fingerprint.newBuilder()
                .setVersion(dev.alambic.signal.Fingerprint.VERSION)
                .setConfigDigest("a")
                .setWeightsDigest("b")
                .setTokenizerDigest("c")
                .setVocabularySize(SignalTargets.VOCABULARY)
                .setSettings(settings()))
        .setTokens(ByteString.copyFrom(tokens))
        .addLengths(TOKENS.length)
        .build()
        .toByteArray();
  }

  private void call(String method, byte[] request) throws RefusedException {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("alambic.teacher.v1.Teacher/" + method)
            .setRequestMarshaller(new Raw())
            .setResponseMarshaller(new Raw())
            .build();
    try {
      ClientCalls.blockingUnaryCall(
          channel, raw, CallOptions.DEFAULT.withDeadlineAfter(4, TimeUnit.SECONDS), request);
    } catch (StatusRuntimeException e) {
      if (!REFUSALS.contains(e.getStatus().getCode())) {
        throw e;
      }
      throw new RefusedException(e.getStatus().getDescription());
    }
  }

  /** Whatever was sent, a sound request is answered after it. */
  private void bytes(byte[] input) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", server.port()), PATIENCE_MILLIS);
      socket.getOutputStream().write(input);
      socket.shutdownOutput();
      socket.setSoTimeout(PATIENCE_MILLIS);
      InputStream answer = socket.getInputStream();
      while (answer.read() >= 0) {}
    } finally {
      client.score(List.of(TOKENS)).join();
    }
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A teacher that says the same of everything. */
  private static final class FlatScorer implements Scorer {
    @Override
    public ModelDescription describe() {
      return new ModelDescription(
          SignalTargets.fingerprint(SignalEncoding.Sampled).model(),
          "flat",
          1,
          SignalTargets.VOCABULARY,
          64,
          0);
    }

    @Override
    public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
      return sequences.stream()
          .map(sequence -> SignalTargets.signal(settings.encoding(), sequence.length - 1))
          .toList();
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {
    client.close();
    channel.shutdownNow();
    server.close();
  }
}
