package dev.alambic.decoder;

import java.util.List;

/**
 * Token ids that mean something to a generator; they don't enter the maths of the decoder.
 *
 * @param begin id put before a text, or null for none
 * @param end ids that end a text; may be empty
 * @param padding id that fills a batch, or null for none
 */
public record SpecialTokens(Integer begin, List<Integer> end, Integer padding) {

  public static final SpecialTokens NONE = new SpecialTokens(null, List.of(), null);

  public SpecialTokens {
    end = List.copyOf(end);
  }
}
