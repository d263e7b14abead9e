package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodSets;

/** What should become of a job's request for quota. */
public sealed interface QuotaAction {

  /** Nothing: it stays as it is, also if there is none. */
  record Leave() implements QuotaAction {}

  /** Quota for these pods is asked for. */
  record Ask(PodSets pods) implements QuotaAction {}

  /** What was taken away is given back; the request stays, and waits. */
  record GiveBack() implements QuotaAction {}

  /** The request is deleted, and with it goes what it holds. */
  record Withdraw() implements QuotaAction {}

  /** Reports to the queue whether all the pods run. */
  record Report(boolean podsReady) implements QuotaAction {}

  /** Reports to the queue that the job has ended. */
  record Finish(boolean complete, String message) implements QuotaAction {}
}
