package dev.alambic.operator.lifecycle;

import dev.alambic.operator.kueue.PodSets;

/** What should become of a job's request for quota. */
public sealed interface QuotaWish {

  /** Nothing: it stays as it is, also if there is none. */
  record Leave() implements QuotaWish {}

  /** Quota for these pods is asked for. */
  record Ask(PodSets pods) implements QuotaWish {}

  /** What was taken away is given back; the request stays, and waits. */
  record GiveBack() implements QuotaWish {}

  /** The request is deleted, and with it goes what it holds. */
  record Withdraw() implements QuotaWish {}

  /** The queue is told whether all the pods run. */
  record Report(boolean podsReady) implements QuotaWish {}

  /** The queue is told that the job has ended. */
  record Finish(boolean complete, String message) implements QuotaWish {}
}
