package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.PodSets;
import java.util.Map;

/**
 * A job's quota, as its queue reports it.
 *
 * @param queue that the job is to wait in; null if it waits in none
 * @param request what was asked of a queue for it; null if nothing is
 */
public record Quota(String queue, Request request) {

  /** A job that waits in no queue and asked nothing of one. */
  public static Quota none() {
    return new Quota(null, null);
  }

  /**
   * A request for quota, and the answer so far.
   *
   * @param pods for which the request is just what the job wants now; null if it is for other pods,
   *     or in another queue, than any that the job might want
   * @param going whether it is being deleted
   * @param message the queue's own words, or null
   * @param eviction why the quota was taken away, until it is granted again; else null
   * @param podsReady what was reported to the queue about the pods; null if nothing
   * @param additions what the pods of each set get while they have quota
   */
  public record Request(
      PodSets pods,
      Answer answer,
      boolean going,
      String message,
      String eviction,
      Boolean podsReady,
      Map<String, PodAdditions> additions) {}

  /** How the queue answers a request. */
  public enum Answer {
    /** Not yet granted. */
    Waiting,
    /** Granted. */
    Admitted,
    /** Taken away; it counts as held until it is given back. */
    Evicted,
    /** Over: it holds nothing. */
    Finished
  }
}
