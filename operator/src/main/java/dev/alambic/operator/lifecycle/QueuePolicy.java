package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Quota.Answer;
import dev.alambic.operator.lifecycle.Quota.Request;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A job with a queue runs only while it has quota for all the pods that it needs now. It loses that
 * as one that is suspended does: the trainer writes a checkpoint, all pods go, and only then the
 * quota is given back. In mode Offline it asks first for the teachers that fill the signal cache,
 * and when that is done for the trainer, so that neither holds what only the other uses.
 */
final class QueuePolicy {
  private QueuePolicy() {}

  /** The hold, if the job waits for quota. */
  static Optional<JobState> held(DecisionInput input) {
    return waits(input) ? Optional.of(hold(input, null)) : Optional.empty();
  }

  /** Whether the job may not run for want of quota. Without a plan there is nothing to ask for. */
  static boolean waits(DecisionInput input) {
    return quota(input).queue() != null
        && !entitled(input)
        && (input.planned().isPresent() || alive(input));
  }

  private static boolean entitled(DecisionInput input) {
    Request request = quota(input).request();
    return request != null
        && request.answer() == Answer.Admitted
        && !request.going()
        && (input.planned().isEmpty() || request.pods() == pods(input));
  }

  /** The pods that the job needs now. */
  static PodSets pods(DecisionInput input) {
    if (input.offline()) {
      return input.observed().trainer().alive() || FillPolicy.filled(input)
          ? PodSets.Trainer
          : PodSets.Fill;
    }
    return input.teacherExists() ? PodSets.Trainer : PodSets.TeacherAndTrainer;
  }

  /**
   * The hold of a job that waits for quota.
   *
   * @param unasked why it cannot be asked for; null unless that failed
   */
  static JobState hold(DecisionInput input, Problem unasked) {
    Quota quota = quota(input);
    Request request = quota.request();
    String wait = "waits for quota in the queue " + quota.queue();
    if (unasked != null) {
      return pending(wait + ", but cannot ask for it: " + unasked.words());
    }
    if (request == null) {
      return pending(wait);
    }
    if (request.eviction() != null) {
      return new JobState.Held(
          Reason.Evicted, "Evicted: " + request.eviction() + "; " + wait + answer(request));
    }
    return request.pods() == pods(input) || input.planned().isEmpty()
        ? pending(wait + answer(request))
        : pending(wait + ": the job needs other pods than it asked for, and asks again");
  }

  private static JobState.Held pending(String words) {
    String message = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return new JobState.Held(Reason.QuotaPending, message);
  }

  /** Right after an eviction, Kueue's answer is why it evicted: that is not repeated. */
  private static String answer(Request request) {
    return request.message() == null || request.message().equals(request.eviction())
        ? ""
        : ": " + request.message();
  }

  /** What should become of the request. */
  static QuotaAction action(DecisionInput input, JobState jobState) {
    Quota quota = quota(input);
    Request request = quota.request();
    boolean alive = alive(input);
    if (request != null && request.going()) {
      return new QuotaAction.Leave();
    }
    if (jobState instanceof JobState.Ended ended) {
      return request == null || alive || request.answer() == Answer.Finished
          ? new QuotaAction.Leave()
          : new QuotaAction.Finish(ended.complete(), ended.message());
    }
    if (jobState instanceof JobState.Active) {
      return quota.queue() == null ? withdrawn(request) : reported(input, request);
    }
    if (alive) {
      return new QuotaAction.Leave();
    }
    return waits(input) && !input.suspended() ? asked(input, request) : withdrawn(request);
  }

  private static QuotaAction withdrawn(Request request) {
    return request == null ? new QuotaAction.Leave() : new QuotaAction.Withdraw();
  }

  /** Of a job whose pods are gone. */
  private static QuotaAction asked(DecisionInput input, Request request) {
    PodSets pods = pods(input);
    if (request == null) {
      return input.planned().isPresent() ? new QuotaAction.Ask(pods) : new QuotaAction.Leave();
    }
    if (request.pods() != pods || request.answer() == Answer.Finished) {
      return new QuotaAction.Withdraw();
    }
    return request.answer() == Answer.Evicted
        ? new QuotaAction.GiveBack()
        : new QuotaAction.Leave();
  }

  private static QuotaAction reported(DecisionInput input, Request request) {
    boolean ready = ready(input);
    boolean told = Boolean.TRUE.equals(request.podsReady());
    return ready == told ? new QuotaAction.Leave() : new QuotaAction.Report(ready);
  }

  /** A trainer runs only after a teacher that it needs, so that it stands for both. */
  private static boolean ready(DecisionInput input) {
    return pods(input) == PodSets.Fill
        ? input.observed().fill().work().state() == WorkState.Running
        : input.observed().trainer().state() == WorkState.Running;
  }

  /** Whether any pod holds something, or will. */
  private static boolean alive(DecisionInput input) {
    ObservedState observed = input.observed();
    return observed.trainer().alive()
        || observed.fill().work().alive()
        || observed.teacher().replicas() > 0;
  }

  /** What the pods get while they have quota. */
  static Map<String, PodAdditions> additions(DecisionInput input) {
    Request request = quota(input).request();
    return request == null ? Map.of() : request.additions();
  }

  private static Quota quota(DecisionInput input) {
    return input.observed().quota();
  }
}
