package dev.alambic.generate;

/** Hears tokens as they are chosen. */
@FunctionalInterface
public interface TokenListener {
  TokenListener NONE = (sequence, token) -> {};

  /**
   * A token has been chosen.
   *
   * @param sequence which of the prompts it continues, counted from 0
   */
  void chosen(int sequence, int token);
}
