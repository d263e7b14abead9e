package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalException;
import dev.alambic.teacher.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks one server again and again, with growing pauses, until it answers or patience ends. Pauses
 * are spread, so that requests that failed together don't come back together. Threads share it: an
 * answer to any of them is a sign of life for all.
 */
final class Retries {
  /** Faults (not: busy, not there) of one request, after which it is not asked again. */
  private static final int MAX_FAULTS = 8;

  /** Wrong answers to one request: one may be damaged on its way, three are how the server is. */
  private static final int MAX_WRONG = 3;

  private final ServerUrl server;
  private final RetryPolicy policy;
  private final Timing timing;
  private final AtomicLong lastAnswer;

  Retries(ServerUrl server, RetryPolicy policy, Timing timing) {
    this.server = server;
    this.policy = policy;
    this.timing = timing;
    this.lastAnswer = new AtomicLong(timing.nanos());
  }

  /** One request and its answer. */
  interface Attempt<A> {
    A once() throws NoAnswerException, InterruptedException;
  }

  /**
   * The answer to a request.
   *
   * @param attempt throws {@link SignalException} for a wrong answer
   * @throws RunException TEACHER_UNAVAILABLE if there is none in time, DATA if it is always wrong
   */
  <A> A ask(Attempt<A> attempt) throws InterruptedException {
    long start = timing.nanos();
    int faults = 0;
    int wrong = 0;
    for (int failures = 1; ; failures++) {
      NoAnswerException failure;
      try {
        A answer = attempt.once();
        lastAnswer.set(timing.nanos());
        return answer;
      } catch (SignalException e) {
        if (++wrong == MAX_WRONG) {
          throw new RunException(
              ExitCode.DATA,
              "teacher %s: wrong answer %d times: %s".formatted(server, wrong, e.getMessage()));
        }
        failure = NoAnswerException.busy("wrong answer: " + e.getMessage(), Duration.ZERO);
      } catch (NoAnswerException e) {
        failure = e;
      }
      if (failure.fault() && ++faults == MAX_FAULTS) {
        throw gone("failed " + faults + " times on one request", failure);
      }
      pause(start, failures, failure);
    }
  }

  private void pause(long start, int failures, NoAnswerException failure)
      throws InterruptedException {
    long now = timing.nanos();
    Duration silence = Duration.ofNanos(Math.min(now - start, now - lastAnswer.get()));
    Duration left = policy.patience().minus(silence);
    if (left.isNegative() || left.isZero()) {
      throw gone("has not answered for " + seconds(policy.patience()) + " s", failure);
    }
    if (failure.comeBackAfter().compareTo(left) > 0) {
      throw gone(
          "asks to come back after %s s, more than the %s s that are waited"
              .formatted(seconds(failure.comeBackAfter()), seconds(policy.patience())),
          failure);
    }
    Duration rest = spread(policy.backoff(failures));
    Duration asked = failure.comeBackAfter();
    Duration pause = rest.compareTo(asked) > 0 ? rest : asked;
    timing.sleep(pause.compareTo(left) < 0 ? pause : left);
  }

  /** Half of it for certain. */
  private Duration spread(Duration rest) {
    return Duration.ofNanos((long) (rest.toNanos() * (0.5 + 0.5 * timing.chance())));
  }

  private RunException gone(String why, NoAnswerException last) {
    return new RunException(
        ExitCode.TEACHER_UNAVAILABLE,
        "teacher %s %s (last: %s): see that server".formatted(server, why, last.getMessage()));
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1000.0);
  }
}
