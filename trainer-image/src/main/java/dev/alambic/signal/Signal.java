package dev.alambic.signal;

/** A teacher's signal for the T positions of one sequence of T + 1 tokens. */
public sealed interface Signal permits DenseSignal, LabelSignal, SampledSignal, TopKSignal {
  /** {@code [T]}: the teacher's log-probability of the text's own next token, nats. */
  float[] labelLogProbability();

  /** {@code [T]}: entropy of the teacher's distribution at the signal's temperature, nats. */
  float[] entropy();

  /** T, the positions that it speaks of. */
  default int positions() {
    return entropy().length;
  }
}
