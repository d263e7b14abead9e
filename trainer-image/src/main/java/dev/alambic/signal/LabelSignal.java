package dev.alambic.signal;

/**
 * The text's own tokens alone. On tokens that a student drew itself, the mean of its
 * log-probability minus the teacher's is an unbiased estimate of the reverse KL.
 *
 * @param labelLogProbability {@code [T]}, at temperature 1, nats
 */
public record LabelSignal(float[] labelLogProbability, float[] entropy) implements Signal {

  /** The part of every signal that is about the text's own tokens. */
  public static LabelSignal of(Signal signal) {
    return new LabelSignal(signal.labelLogProbability(), signal.entropy());
  }
}
