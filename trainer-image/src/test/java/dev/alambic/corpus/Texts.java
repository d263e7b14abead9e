package dev.alambic.corpus;

import dev.alambic.corpus.text.Passage;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Text for tests, made up from a seed. */
public final class Texts {
  private static final String[] PIECES = {
    " ",
    "  ",
    "\n",
    "\n\n    ",
    "\t",
    "\r\n",
    "\u00a0",
    "\u2028",
    "the",
    " The",
    " distil",
    "lation",
    "'s",
    "'ll",
    "don't",
    "0",
    " 1984",
    "３",
    "½",
    "public static void main(String[] args) {",
    "}",
    "==",
    "!=",
    "…",
    "—",
    "\"",
    "\\",
    "é",
    "e\u0301",
    "ß",
    "中文",
    "日本語テキスト",
    "한국어",
    "العربية",
    "हिन्दी",
    "\ud83d\ude00",
    "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
    "\ud835\udd38",
    "\u0000",
    "\u0001",
    "\u001b[0m",
    "\u007f",
    "\ufeff",
    "\uffff",
    "<",
    "|",
    "endoftext",
    "Ġ",
    "Ċ"
  };

  private Texts() {}

  /** Awkward text: scripts, emoji, control characters, code. */
  public static String awkward(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(4) == 0) {
        text.appendCodePoint(codePoint(random));
      } else {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  private static int codePoint(Random random) {
    int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
        ? 'x'
        : codePoint;
  }

  /** Passages with these texts. */
  public static Iterator<Passage> passages(List<String> texts) {
    return texts.stream().map(text -> new Passage("a", 0, false, text)).iterator();
  }

  /** Prose of a few hundred made-up words, some frequent and most rare, in lines. */
  public static String prose(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      double rank = random.nextDouble();
      text.append(word((int) (300 * rank * rank * rank)));
      text.append(i % 12 == 11 ? "\n" : " ");
    }
    return text.toString();
  }

  private static String word(int rank) {
    Random letters = new Random(rank);
    StringBuilder word = new StringBuilder();
    for (int length = 2 + letters.nextInt(7); length > 0; length--) {
      word.append((char) ('a' + letters.nextInt(26)));
    }
    return word.toString();
  }
}
