package dev.alambic.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Text of tokens as they come. A character may lie in several tokens, and a tokenizer may drop the
 * space in front of a text: so that what is shown is the difference that a token makes to the text
 * of a few tokens before it, and is held back while it ends within a character.
 */
public final class TextStream {
  /** Enough for the longest character and for the space that a tokenizer drops. */
  private static final int CONTEXT = 5;

  private static final char REPLACEMENT = '\ufffd';

  private final Function<int[], String> decode;
  private final List<Integer> tokens = new ArrayList<>();

  /** Tokens before this are no longer looked at. */
  private int from;

  /** Tokens before this have been shown. */
  private int told;

  /**
   * A stream that continues a prompt.
   *
   * @param decode tokens to text, bytes that are no character to U+FFFD
   */
  public TextStream(Function<int[], String> decode, int[] prompt) {
    this.decode = decode;
    for (int i = Math.max(0, prompt.length - CONTEXT); i < prompt.length; i++) {
      tokens.add(prompt[i]);
    }
    told = tokens.size();
  }

  /** The text that a token adds; empty while a character is incomplete. */
  public String add(int token) {
    tokens.add(token);
    String text = text(from, tokens.size());
    String before = text(from, told);
    if (text.length() <= before.length() || text.charAt(text.length() - 1) == REPLACEMENT) {
      return "";
    }
    from = told;
    told = tokens.size();
    return text.substring(before.length());
  }

  /** What was held back, at the end of all tokens. */
  public String end() {
    String text = text(from, tokens.size());
    String before = text(from, told);
    told = tokens.size();
    return text.length() <= before.length() ? "" : text.substring(before.length());
  }

  private String text(int start, int end) {
    return decode.apply(tokens.subList(start, end).stream().mapToInt(Integer::intValue).toArray());
  }
}
