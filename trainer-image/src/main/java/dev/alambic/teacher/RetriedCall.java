package dev.alambic.teacher;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalException;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One question that is put to replica after replica until one of them gives a good answer, a
 * replica says that the question itself is wrong, or patience ends.
 *
 * @param <Q> request
 * @param <R> reply
 * @param <A> checked answer
 */
final class RetriedCall<Q, R, A> implements AutoCloseable {
  private static final Duration LEAST_PAUSE = Duration.ofMillis(1);

  /** Faults (not: busy, not there) of one request, after which it is not asked again. */
  private static final int MAX_FAULTS = 8;

  private final Replicas replicas;
  private final RetryPolicy policy;
  private final ScheduledExecutorService timer;
  private final MethodDescriptor<Q, R> method;
  private final Q request;
  private final Function<R, A> check;
  private final CompletableFuture<A> answer = new CompletableFuture<>();
  private final long start = System.nanoTime();
  private int faults;

  /**
   * A call that has not started.
   *
   * @param check makes the answer of a reply, or throws {@link SignalException} if it is a wrong
   *     one; such a reply counts as a failure of the replica
   */
  RetriedCall(
      Replicas replicas,
      RetryPolicy policy,
      ScheduledExecutorService timer,
      MethodDescriptor<Q, R> method,
      Q request,
      Function<R, A> check) {
    this.replicas = replicas;
    this.policy = policy;
    this.timer = timer;
    this.method = method;
    this.request = request;
    this.check = check;
  }

  /** Starts; the answer fails with a {@link RunException}. */
  CompletableFuture<A> start() {
    attempt();
    return answer;
  }

  /** Gives up because the client is closed. */
  @Override
  public void close() {
    answer.completeExceptionally(
        new RunException(ExitCode.TEACHER_UNAVAILABLE, "the teacher's client is closed"));
  }

  private void attempt() {
    long now = System.nanoTime();
    if (answer.isDone()) {
      return;
    } else if (replicas.silence(start, now).compareTo(policy.patience()) >= 0) {
      giveUp("no teacher answered for " + seconds(policy.patience()) + " s");
      return;
    } else if (faults >= MAX_FAULTS) {
      giveUp("teachers failed " + faults + " times on one request");
      return;
    }
    Optional<Replica> replica = replicas.next(now);
    if (replica.isPresent()) {
      ask(replica.get(), now);
    } else {
      pause(now);
    }
  }

  private void giveUp(String why) {
    String message = why + " (" + replicas.failures() + "): see the teacher's pods";
    answer.completeExceptionally(new RunException(ExitCode.TEACHER_UNAVAILABLE, message));
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1000.0);
  }

  private void pause(long now) {
    Duration left = policy.patience().minus(replicas.silence(start, now));
    Duration rest = replicas.untilRested(now);
    Duration pause = rest.compareTo(left) < 0 ? rest : left;
    Duration atLeast = pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause;
    try {
      var unused = timer.schedule(this::attempt, atLeast.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      close();
    }
  }

  private void ask(Replica replica, long now) {
    replica.channel().resetConnectBackoff(); // its own rest is over, so is the channel's
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(policy.attempt().toNanos(), TimeUnit.NANOSECONDS);
    ClientCalls.asyncUnaryCall(
        replica.channel().newCall(method, options), request, new Reply(replica, now));
  }

  /** What comes back from one replica. */
  private final class Reply implements StreamObserver<R> {
    private final Replica replica;
    private final long asked;
    private R reply;

    Reply(Replica replica, long asked) {
      this.replica = replica;
      this.asked = asked;
    }

    @Override
    public void onNext(R value) {
      reply = value;
    }

    @Override
    public void onCompleted() {
      A checked;
      try {
        checked = check.apply(reply);
      } catch (SignalException | IllegalArgumentException e) {
        faults++;
        tryAgain("wrong answer: " + e.getMessage());
        return;
      } catch (RuntimeException e) { // a bug, but one that must not leave the answer open
        answer.completeExceptionally(e);
        return;
      }
      replicas.succeeded(replica, System.nanoTime());
      answer.complete(checked);
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      switch (status.getCode()) {
        case FAILED_PRECONDITION, INVALID_ARGUMENT, UNIMPLEMENTED ->
            answer.completeExceptionally(
                new RunException(
                    ExitCode.DATA,
                    "teacher " + replica.endpoint() + " refuses: " + describe(status)));
        // A replica of the run before this one is about to go: UNAUTHENTICATED may pass.
        case UNAVAILABLE,
            UNAUTHENTICATED,
            RESOURCE_EXHAUSTED,
            DEADLINE_EXCEEDED,
            CANCELLED,
            ABORTED ->
            tryAgain(describe(status));
        default -> {
          faults++;
          tryAgain(describe(status));
        }
      }
    }

    private void tryAgain(String why) {
      replicas.failed(replica, why, asked, System.nanoTime());
      attempt();
    }

    private static String describe(Status status) {
      String why = status.getDescription() == null ? "" : " " + firstLine(status.getDescription());
      boolean told = status.getCause() != null && status.getCause().getMessage() != null;
      String cause = told ? " (" + firstLine(status.getCause().getMessage()) + ")" : "";
      return status.getCode() + why + cause;
    }

    private static String firstLine(String text) {
      return text.lines().findFirst().orElse("");
    }
  }
}
