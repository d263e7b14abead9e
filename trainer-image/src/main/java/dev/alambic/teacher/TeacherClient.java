package dev.alambic.teacher;

import com.google.protobuf.ByteString;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalException;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.TeacherProto.DescribeRequest;
import dev.alambic.teacher.TeacherProto.Description;
import dev.alambic.teacher.TeacherProto.ScoreReply;
import dev.alambic.teacher.TeacherProto.ScoreRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A teacher across the network, on one or more replicas. Requests are spread over them; one that
 * fails is asked again later, and its request goes to another. An answer is used only if its
 * checksum, its fingerprint, its sequence and its numbers are right: a wrong one counts as a
 * failure. Threads may share a client.
 */
public final class TeacherClient implements ConnectedTeacher {
  private static final int CALLBACK_THREADS = 2;

  private final RetryPolicy policy;
  private final Replicas replicas;
  private final ScheduledExecutorService timer;
  private final ExecutorService callbacks;
  private final Set<RetriedCall<?, ?, ?>> open = ConcurrentHashMap.newKeySet();
  private TeacherDescription description;
  private SignalCodec codec;
  private RequestSplit split;

  private TeacherClient(List<String> endpoints, TeacherToken token, RetryPolicy policy) {
    this.policy = policy;
    this.timer = Executors.newSingleThreadScheduledExecutor(daemons("teacher-client-timer"));
    this.callbacks = Executors.newFixedThreadPool(CALLBACK_THREADS, daemons("teacher-client"));
    long now = System.nanoTime();
    List<Replica> all =
        endpoints.stream()
            .map(endpoint -> new Replica(endpoint, channel(endpoint, token), now))
            .toList();
    this.replicas = new Replicas(all, policy, now);
  }

  /**
   * Connects: waits until a replica describes itself. All later answers must have that replica's
   * fingerprint.
   *
   * @param endpoints host:port of each replica, at least one
   * @param token what the replicas demand. One that wants another counts as one that fails: it may
   *     be of a run before this one, and about to go
   * @throws RunException if none answers within the policy's patience, or if they refuse the
   *     settings
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  public static TeacherClient connect(
      List<String> endpoints, TeacherToken token, SignalSettings settings, RetryPolicy policy)
      throws InterruptedException {
    if (endpoints.isEmpty()) {
      throw new RunException(ExitCode.USAGE, "teacher.endpoints: is empty; name at least one");
    }
    TeacherClient client = new TeacherClient(endpoints, token, policy);
    try {
      client.describe(settings);
      return client;
    } catch (RunException | InterruptedException e) {
      client.close();
      throw e;
    }
  }

  /** Connects to replicas that demand nothing. */
  public static TeacherClient connect(
      List<String> endpoints, SignalSettings settings, RetryPolicy policy)
      throws InterruptedException {
    return connect(endpoints, TeacherToken.none(), settings, policy);
  }

  private void describe(SignalSettings settings) throws InterruptedException {
    DescribeRequest request =
        DescribeRequest.newBuilder().setSettings(Messages.of(settings)).build();
    Function<Description, TeacherDescription> check = message -> checked(message, settings);
    try {
      description =
          new RetriedCall<>(replicas, policy, timer, TeacherMethods.DESCRIBE, request, check)
              .start()
              .get();
    } catch (ExecutionException e) {
      throw asRunException(e.getCause());
    }
    codec = new SignalCodec(description.fingerprint());
    split = new RequestSplit(codec, description.maxBatchTokens());
  }

  private static TeacherDescription checked(Description message, SignalSettings asked) {
    TeacherDescription description = Messages.description(message);
    if (!description.fingerprint().settings().equals(asked)) {
      throw new SignalException(
          "described " + description.fingerprint().settings() + " when asked for " + asked);
    }
    return description;
  }

  /** Who the teacher is; what its signals mean. */
  public TeacherDescription description() {
    return description;
  }

  @Override
  public Fingerprint fingerprint() {
    return description.fingerprint();
  }

  /** Large requests are split over the replicas. */
  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) {
    List<CompletableFuture<List<Signal>>> parts = new ArrayList<>();
    try {
      for (List<int[]> part : split.parts(sequences)) {
        parts.add(scorePart(part));
      }
    } catch (RunException e) {
      return CompletableFuture.failedFuture(e);
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> parts.stream().flatMap(part -> part.join().stream()).toList());
  }

  private CompletableFuture<List<Signal>> scorePart(List<int[]> sequences) {
    ScoreRequest.Builder request =
        ScoreRequest.newBuilder().setFingerprint(Messages.of(description.fingerprint()));
    TokenMessages.put(request, sequences);
    Function<ScoreReply, List<Signal>> check = reply -> checked(reply, sequences);
    var call =
        new RetriedCall<>(replicas, policy, timer, TeacherMethods.SCORE, request.build(), check);
    open.add(call);
    return call.start().whenComplete((signals, failure) -> open.remove(call));
  }

  private List<Signal> checked(ScoreReply reply, List<int[]> sequences) {
    if (reply.getSignalsCount() != sequences.size()) {
      throw new SignalException(
          reply.getSignalsCount() + " signals for " + sequences.size() + " sequences");
    }
    List<Signal> signals = new ArrayList<>(sequences.size());
    for (int i = 0; i < sequences.size(); i++) {
      int[] sequence = sequences.get(i);
      ByteString record = reply.getSignals(i);
      long key = Draws.sequenceKey(sequence);
      signals.add(codec.decode(record.toByteArray(), sequence.length - 1, key));
    }
    return signals;
  }

  private static RunException asRunException(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RunException known
        ? known
        : new RunException(ExitCode.SOFTWARE, "teacher client: " + cause, cause);
  }

  /** An endpoint may be a name with many addresses, a headless Service: requests go to all. */
  private ManagedChannel channel(String endpoint, TeacherToken token) {
    return NettyChannelBuilder.forTarget(endpoint)
        .usePlaintext()
        .intercept(MetadataUtils.newAttachHeadersInterceptor(token.headers()))
        .defaultLoadBalancingPolicy("round_robin")
        .executor(callbacks)
        .maxInboundMessageSize(TeacherMethods.MAX_MESSAGE_BYTES)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    replicas.close();
    open.forEach(RetriedCall::close);
    callbacks.shutdown();
  }

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
