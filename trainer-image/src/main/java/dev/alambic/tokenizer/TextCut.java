package dev.alambic.tokenizer;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Finds where a text can be cut so that the tokens of the two parts are those of the whole. What
 * tokenizers merge they merge over a few characters, so a place is good if around it the tokens of
 * the parts are those of the whole; a space between two words is tried first.
 */
public final class TextCut {
  /** Characters on either side that are looked at; longer than any word that is worth a token. */
  private static final int AROUND = 96;

  /**
   * Text without a good place, such as one letter a hundred thousand times, is cut at this many
   * times the wanted length, wherever that is.
   */
  public static final int LONGEST = 4;

  private static final int MOST_SPACES = 24;
  private static final int MOST_OTHERS = 200;

  private final Function<String, int[]> encode;

  /**
   * Cuts for a tokenizer.
   *
   * @param encode tokens of a text that continues another
   */
  TextCut(Function<String, int[]> encode) {
    this.encode = encode;
  }

  /** How long the first part of a text should be; if no place is good, it may be longer. */
  public int length(CharSequence text, int wanted) {
    for (int to = wanted; to < text.length() && to <= LONGEST * wanted; to += wanted) {
      int at = find(text, to - wanted / 2, to);
      if (at > 0) {
        return at;
      }
    }
    int end = Math.min(text.length(), LONGEST * wanted);
    return inCharacter(text, end) ? end - 1 : end;
  }

  /** A good place after one index and up to another, the last that is found; 0 if none is. */
  public int find(CharSequence text, int from, int to) {
    int space = search(text, from, to, MOST_SPACES, true);
    return space > 0 ? space : search(text, from, to, MOST_OTHERS, false);
  }

  private int search(CharSequence text, int from, int to, int most, boolean betweenWords) {
    int tried = 0;
    for (int at = to; at > from && tried < most; at--) {
      boolean candidate = betweenWords ? isBetweenWords(text, at) : isPlain(text, at);
      if (candidate) {
        tried++;
        if (isGood(text, at)) {
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

  private boolean isGood(CharSequence text, int at) {
    int start = Math.max(0, at - AROUND);
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
