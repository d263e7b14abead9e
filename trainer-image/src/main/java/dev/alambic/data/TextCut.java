package dev.alambic.data;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Finds where a text can be cut so that the tokens of the two parts are those of the whole. What
 * tokenizers merge they merge over a few characters, so a place is good if around it the tokens of
 * the parts are those of the whole; a space between two words is tried first.
 */
final class TextCut {
  /** Characters on either side that are looked at; longer than any word that is worth a token. */
  private static final int AROUND = 96;

  private static final int MOST_SPACES = 24;
  private static final int MOST_OTHERS = 200;

  private final Function<String, int[]> encode;

  /**
   * Cuts for a tokenizer.
   *
   * @param encode tokens of a text that goes on from another
   */
  TextCut(Function<String, int[]> encode) {
    this.encode = encode;
  }

  /**
   * A place to cut at.
   *
   * @param from where the part before it begins
   * @param to the latest place
   * @return an index after the middle of from and to, at most {@code to}; {@code to} itself, or one
   *     before, if no place is good
   */
  int find(CharSequence text, int from, int to) {
    int middle = from + (to - from) / 2;
    int space = search(text, from, middle, to, MOST_SPACES, true);
    int any = space > 0 ? space : search(text, from, middle, to, MOST_OTHERS, false);
    return any > 0 ? any : inCharacter(text, to) ? to - 1 : to;
  }

  private int search(
      CharSequence text, int from, int middle, int to, int most, boolean betweenWords) {
    int tried = 0;
    for (int at = to; at > middle && tried < most; at--) {
      boolean candidate = betweenWords ? isBetweenWords(text, at) : isPlain(text, at);
      if (candidate) {
        tried++;
        if (isGood(text, from, at)) {
          return at;
        }
      }
    }
    return 0;
  }

  private static boolean isBetweenWords(CharSequence text, int at) {
    return at + 1 < text.length()
        && text.charAt(at) == ' '
        && Character.isLetter(text.charAt(at - 1))
        && Character.isLetter(text.charAt(at + 1));
  }

  /** Not in a character, a number or white space: tokenizers count those from their beginning. */
  private static boolean isPlain(CharSequence text, int at) {
    if (at >= text.length() || inCharacter(text, at)) {
      return false;
    }
    char before = text.charAt(at - 1);
    char after = text.charAt(at);
    return !Character.isWhitespace(before)
        && before != after
        && !(Character.isDigit(before) && Character.isDigit(after));
  }

  private static boolean inCharacter(CharSequence text, int at) {
    return at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private boolean isGood(CharSequence text, int from, int at) {
    int start = Math.max(from, at - AROUND);
    int end = Math.min(text.length(), at + AROUND);
    start += inCharacterAtStart(text, start) ? 1 : 0;
    end -= inCharacter(text, end) ? 1 : 0;
    int[] whole = encode.apply(text.subSequence(start, end).toString());
    int[] before = encode.apply(text.subSequence(start, at).toString());
    int[] after = encode.apply(text.subSequence(at, end).toString());
    int[] parts = IntStream.concat(Arrays.stream(before), Arrays.stream(after)).toArray();
    return Arrays.equals(parts, whole);
  }

  private static boolean inCharacterAtStart(CharSequence text, int at) {
    return at > 0 && inCharacter(text, at);
  }
}
