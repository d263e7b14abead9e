package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.lifecycle.Observed.WorkState;
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
  static Optional<Standing> held(Situation situation) {
    return waits(situation) ? Optional.of(hold(situation, null)) : Optional.empty();
  }

  /** Whether the job may not run for want of quota. Without a plan there is nothing to ask for. */
  static boolean waits(Situation situation) {
    return quota(situation).queue() != null
        && !entitled(situation)
        && (situation.planned().isPresent() || alive(situation));
  }

  private static boolean entitled(Situation situation) {
    Request request = quota(situation).request();
    return request != null
        && request.answer() == Answer.Admitted
        && !request.going()
        && (situation.planned().isEmpty() || request.pods() == pods(situation));
  }

  /** The pods that the job needs now. */
  static PodSets pods(Situation situation) {
    if (situation.offline()) {
      return situation.observed().trainer().alive() || FillPolicy.filled(situation)
          ? PodSets.Trainer
          : PodSets.Fill;
    }
    return situation.teacherExists() ? PodSets.Trainer : PodSets.TeacherAndTrainer;
  }

  /**
   * The hold of a job that waits for quota.
   *
   * @param unasked why it cannot be asked for; null unless that failed
   */
  static Standing hold(Situation situation, Problem unasked) {
    Quota quota = quota(situation);
    Request request = quota.request();
    String wait = "waits for quota in the queue " + quota.queue();
    if (unasked != null) {
      return pending(wait + ", but cannot ask for it: " + unasked.words());
    }
    if (request == null) {
      return pending(wait);
    }
    if (request.eviction() != null) {
      return new Standing.Held(
          Reason.Evicted, "Evicted: " + request.eviction() + "; " + wait + answer(request));
    }
    return request.pods() == pods(situation) || situation.planned().isEmpty()
        ? pending(wait + answer(request))
        : pending(wait + ": the job needs other pods than it asked for, and asks again");
  }

  private static Standing.Held pending(String words) {
    String message = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    return new Standing.Held(Reason.QuotaPending, message);
  }

  /** Right after an eviction, Kueue's answer is why it evicted: that is not said twice. */
  private static String answer(Request request) {
    return request.message() == null || request.message().equals(request.eviction())
        ? ""
        : ": " + request.message();
  }

  /** What should become of the request. */
  static QuotaWish wish(Situation situation, Standing standing) {
    Quota quota = quota(situation);
    Request request = quota.request();
    boolean alive = alive(situation);
    if (request != null && request.going()) {
      return new QuotaWish.Leave();
    }
    if (standing instanceof Standing.Ended ended) {
      return request == null || alive || request.answer() == Answer.Finished
          ? new QuotaWish.Leave()
          : new QuotaWish.Finish(ended.complete(), ended.message());
    }
    if (standing instanceof Standing.Active) {
      return quota.queue() == null ? withdrawn(request) : reported(situation, request);
    }
    if (alive) {
      return new QuotaWish.Leave();
    }
    return waits(situation) && !situation.suspended()
        ? asked(situation, request)
        : withdrawn(request);
  }

  private static QuotaWish withdrawn(Request request) {
    return request == null ? new QuotaWish.Leave() : new QuotaWish.Withdraw();
  }

  /** Of a job whose pods are gone. */
  private static QuotaWish asked(Situation situation, Request request) {
    PodSets pods = pods(situation);
    if (request == null) {
      return situation.planned().isPresent() ? new QuotaWish.Ask(pods) : new QuotaWish.Leave();
    }
    if (request.pods() != pods || request.answer() == Answer.Finished) {
      return new QuotaWish.Withdraw();
    }
    return request.answer() == Answer.Evicted ? new QuotaWish.GiveBack() : new QuotaWish.Leave();
  }

  private static QuotaWish reported(Situation situation, Request request) {
    boolean ready = ready(situation);
    boolean told = Boolean.TRUE.equals(request.podsReady());
    return ready == told ? new QuotaWish.Leave() : new QuotaWish.Report(ready);
  }

  /** A trainer runs only after a teacher that it needs, so that it stands for both. */
  private static boolean ready(Situation situation) {
    return pods(situation) == PodSets.Fill
        ? situation.observed().fill().work().state() == WorkState.Running
        : situation.observed().trainer().state() == WorkState.Running;
  }

  /** Whether any pod holds something, or will. */
  private static boolean alive(Situation situation) {
    Observed observed = situation.observed();
    return observed.trainer().alive()
        || observed.fill().work().alive()
        || observed.teacher().replicas() > 0;
  }

  /** What the pods get while they have quota. */
  static Map<String, PodAdditions> additions(Situation situation) {
    Request request = quota(situation).request();
    return request == null ? Map.of() : request.additions();
  }

  private static Quota quota(Situation situation) {
    return situation.observed().quota();
  }
}
