package dev.alambic.api.v1alpha1;

/** How the teacher's distribution at one position is written down. */
public enum SignalEncoding {
  /** Log-probabilities of the whole vocabulary; for small vocabularies and tests. */
  Dense,
  /** The most probable ids; biased. */
  TopK,
  /** Seeded draws from the distribution, as ids and counts; unbiased. */
  Sampled,
  /** The text's own token alone: enough for the reverse KL on a student's own draws. */
  Label
}
