package dev.alambic.teacher;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.alambic.failure.BoundedText;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.TeacherProto.DescribeRequest;
import dev.alambic.teacher.TeacherProto.Description;
import dev.alambic.teacher.TeacherProto.ScoreReply;
import dev.alambic.teacher.TeacherProto.ScoreRequest;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

/** The service's methods: check a request, queue it, send what came of it. */
final class TeacherService {
  private final ScoreEngine engine;
  private final ScoreQueue queue;
  private final TeacherMetrics metrics;
  private final int maxBatchTokens;
  private final Executor executor;

  TeacherService(
      ScoreEngine engine,
      ScoreQueue queue,
      TeacherMetrics metrics,
      int maxBatchTokens,
      Executor executor) {
    this.engine = engine;
    this.queue = queue;
    this.metrics = metrics;
    this.maxBatchTokens = maxBatchTokens;
    this.executor = executor;
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder(TeacherMethods.SERVICE)
        .addMethod(
            TeacherMethods.unread(TeacherMethods.DESCRIBE),
            ServerCalls.asyncUnaryCall(
                (bytes, reply) ->
                    answering(reply, () -> describe(read(DescribeRequest.parser(), bytes), reply))))
        .addMethod(
            TeacherMethods.unread(TeacherMethods.SCORE),
            ServerCalls.asyncUnaryCall(
                (bytes, reply) ->
                    answering(
                        reply,
                        () ->
                            score(
                                read(ScoreRequest.parser(), bytes),
                                (ServerCallStreamObserver<ScoreReply>) reply))))
        .build();
  }

  private static <Q> Q read(Parser<Q> parser, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "the request is not a protobuf message: " + e.getMessage());
    }
  }

  /** Turns what is wrong with a request into its status. */
  private static void answering(StreamObserver<?> reply, Runnable method) {
    try {
      method.run();
    } catch (StatusRuntimeException e) {
      reply.onError(e);
    } catch (IllegalArgumentException e) {
      reply.onError(
          Status.INVALID_ARGUMENT
              .withDescription(BoundedText.line(e.getMessage()))
              .asRuntimeException());
    }
  }

  private void describe(DescribeRequest request, StreamObserver<Description> reply) {
    SignalSettings settings = Messages.settings(request.getSettings());
    ModelDescription model = model();
    reply.onNext(
        Messages.of(
            new TeacherDescription(
                model.fingerprint(settings),
                model.family(),
                model.parameters(),
                model.contextLength(),
                maxBatchTokens)));
    reply.onCompleted();
  }

  private void score(ScoreRequest request, ServerCallStreamObserver<ScoreReply> reply) {
    ModelDescription model = model();
    Fingerprint fingerprint = agreed(model, Messages.fingerprint(request.getFingerprint()));
    List<int[]> sequences =
        TokenMessages.sequences(request, model, fingerprint.vocabularySize(), maxBatchTokens);
    requireReplyFits(fingerprint, sequences);
    ScoreTask task = new ScoreTask(sequences, fingerprint.settings());
    reply.setOnCancelHandler(() -> drop(task));
    admit(task);
    var unused =
        task.result()
            .whenCompleteAsync(
                (scored, failure) -> answer(fingerprint, task, scored, failure, reply), executor);
  }

  /** Deadline and cancellation both end here. */
  private void drop(ScoreTask task) {
    task.result().cancel(false);
    queue.remove(task);
  }

  private ModelDescription model() {
    if (!engine.loaded().isDone() || engine.loaded().isCompletedExceptionally()) {
      throw unavailable("the teacher is loading its model");
    }
    return engine.loaded().join();
  }

  private static Fingerprint agreed(ModelDescription model, Fingerprint asked) {
    Fingerprint own = model.fingerprint(asked.settings());
    own.differenceFrom(asked)
        .ifPresent(
            difference -> {
              throw Status.FAILED_PRECONDITION
                  .withDescription(BoundedText.line("fingerprint: this teacher's " + difference))
                  .asRuntimeException();
            });
    return own;
  }

  private static void requireReplyFits(Fingerprint fingerprint, List<int[]> sequences) {
    SignalCodec codec = new SignalCodec(fingerprint);
    long bytes = 0;
    for (int[] sequence : sequences) {
      bytes += codec.largestRecord(sequence.length - 1);
    }
    if (bytes > TeacherMethods.MAX_MESSAGE_BYTES / 2) {
      throw new IllegalArgumentException(
          "%s signals of this request may take %d bytes; a reply has at most %d"
              .formatted(
                  fingerprint.settings().encoding(), bytes, TeacherMethods.MAX_MESSAGE_BYTES / 2));
    }
  }

  private void admit(ScoreTask task) {
    switch (queue.offer(task)) {
      case ACCEPTED -> {}
      case CLOSED -> throw unavailable("the teacher is shutting down");
      case FULL -> {
        metrics.refused();
        throw Status.RESOURCE_EXHAUSTED
            .withDescription("the queue is full: " + queue.tokens() + " tokens wait")
            .asRuntimeException();
      }
    }
  }

  private static StatusRuntimeException unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why).asRuntimeException();
  }

  private void answer(
      Fingerprint fingerprint,
      ScoreTask task,
      ScoreTask.Scored scored,
      Throwable failure,
      ServerCallStreamObserver<ScoreReply> reply) {
    if (reply.isCancelled()) {
      return;
    } else if (failure instanceof CancellationException) {
      reply.onError(unavailable("the teacher is shutting down"));
    } else if (failure != null) {
      reply.onError(internal(failure));
    } else {
      send(fingerprint, task, scored, reply);
    }
  }

  private void send(
      Fingerprint fingerprint,
      ScoreTask task,
      ScoreTask.Scored scored,
      ServerCallStreamObserver<ScoreReply> reply) {
    SignalCodec codec = new SignalCodec(fingerprint);
    ScoreReply.Builder message = ScoreReply.newBuilder().setEngineSeconds(scored.engineSeconds());
    long bytes = 0;
    try {
      for (int i = 0; i < task.sequences().size(); i++) {
        long key = Draws.sequenceKey(task.sequences().get(i));
        byte[] record = codec.encode(scored.signals().get(i), key);
        bytes += record.length;
        message.addSignals(UnsafeByteOperations.unsafeWrap(record)); // the only reference
      }
    } catch (RuntimeException e) {
      reply.onError(internal(e));
      return;
    }
    metrics.sent(bytes);
    reply.onNext(message.build());
    reply.onCompleted();
  }

  private static StatusRuntimeException internal(Throwable failure) {
    return Status.INTERNAL
        .withDescription("the teacher failed: " + failure.getMessage())
        .withCause(failure)
        .asRuntimeException();
  }
}
