package dev.alambic.tokenizer;

import dev.alambic.corpus.text.Passage;
import dev.alambic.tokenizer.BytePairVocabulary.Merge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a byte-level byte-pair encoding (Sennrich et al., arXiv 1508.07909, over bytes as in
 * GPT-2): the most frequent pair of neighbours becomes a token, again and again. Of pairs equally
 * frequent, the one with the lower left id goes first, then the one with the lower right id; so the
 * same text always gives the same vocabulary.
 *
 * <p>Memory grows with the number of distinct words, so give it a sample of a large corpus.
 */
public final class BytePairTrainer {
  /** GPT-2's pre-tokenisation: no merge ever crosses the border of such a word. */
  static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** The smallest vocabulary: the end of text and 256 bytes. */
  public static final int SMALLEST_VOCABULARY = BytePairVocabulary.FIRST_MERGE;

  private static final Comparator<Candidate> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(Candidate::count)
          .reversed()
          .thenComparingInt(candidate -> candidate.pair().left())
          .thenComparingInt(candidate -> candidate.pair().right());

  private final List<Word> words = new ArrayList<>();
  private final Map<Merge, Occurrences> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(MOST_FREQUENT_FIRST);

  private BytePairTrainer() {}

  /** A pair as it was counted when it was queued; out of date if the count has changed since. */
  private record Candidate(Merge pair, long count) {}

  /** How often a pair occurs, and in which words (some of which may no longer have it). */
  private static final class Occurrences {
    private long count;
    private int[] words = new int[4];
    private int size;

    void add(int word, long times) {
      count += times;
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  /** A distinct word of the text. */
  private static final class Word {
    private final long count;
    private int[] ids;

    Word(int[] ids, long count) {
      this.ids = ids;
      this.count = count;
    }
  }

  /**
   * Learns a vocabulary; a text too small or too uniform gives a smaller one than asked for.
   *
   * @param passages the text; read once, to its end
   * @param vocabularySize most tokens, at least {@link #SMALLEST_VOCABULARY}
   * @throws IllegalArgumentException if the size is smaller
   */
  public static BytePairVocabulary train(Iterator<Passage> passages, int vocabularySize) {
    if (vocabularySize < SMALLEST_VOCABULARY) {
      throw new IllegalArgumentException(
          "vocabularySize: %d is less than the %d of all bytes and the end of text"
              .formatted(vocabularySize, SMALLEST_VOCABULARY));
    }
    BytePairTrainer trainer = new BytePairTrainer();
    trainer.addWords(countWords(passages));
    return new BytePairVocabulary(trainer.merge(vocabularySize - SMALLEST_VOCABULARY));
  }

  /** In order of first appearance, so that nothing depends on hash codes. */
  private static Map<String, Long> countWords(Iterator<Passage> passages) {
    Map<String, Long> counts = new LinkedHashMap<>();
    while (passages.hasNext()) {
      Matcher matcher = WORD.matcher(passages.next().text());
      while (matcher.find()) {
        counts.merge(matcher.group(), 1L, Long::sum);
      }
    }
    return counts;
  }

  private void addWords(Map<String, Long> counts) {
    int[] byteIds = BytePairVocabulary.byteIds();
    counts.forEach(
        (text, count) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int[] ids = new int[bytes.length];
          for (int i = 0; i < bytes.length; i++) {
            ids[i] = byteIds[Byte.toUnsignedInt(bytes[i])];
          }
          words.add(new Word(ids, count));
          addPairs(words.size() - 1);
        });
    pairs.forEach((pair, found) -> queue.add(new Candidate(pair, found.count)));
  }

  private void addPairs(int index) {
    Word word = words.get(index);
    for (int i = 0; i + 1 < word.ids.length; i++) {
      count(new Merge(word.ids[i], word.ids[i + 1]), index, word.count);
    }
  }

  private Merge count(Merge pair, int word, long times) {
    pairs.computeIfAbsent(pair, unused -> new Occurrences()).add(word, times);
    return pair;
  }

  private void uncount(Merge pair, long times) {
    Occurrences found = pairs.get(pair);
    if (found != null) { // The pair that is being merged has been taken out already.
      found.count -= times;
    }
  }

  private List<Merge> merge(int most) {
    List<Merge> merges = new ArrayList<>();
    while (merges.size() < most && !queue.isEmpty()) {
      Candidate best = queue.remove();
      Occurrences found = pairs.get(best.pair());
      if (found == null) {
        continue;
      }
      if (found.count != best.count()) {
        queue.add(new Candidate(best.pair(), found.count));
        continue;
      }
      if (found.count < 2) {
        break; // A token seen once is the text learnt by heart.
      }
      apply(best.pair(), BytePairVocabulary.FIRST_MERGE + merges.size());
      merges.add(best.pair());
    }
    return merges;
  }

  private void apply(Merge pair, int id) {
    Occurrences found = pairs.remove(pair);
    Set<Merge> grown = new LinkedHashSet<>();
    for (int i = 0; i < found.size; i++) {
      replace(found.words[i], pair, id, grown);
    }
    for (Merge next : grown) {
      queue.add(new Candidate(next, pairs.get(next).count));
    }
  }

  /** Rewrites one word, left to right, and keeps the counts of the neighbours that this changes. */
  private void replace(int index, Merge pair, int id, Set<Merge> grown) {
    Word word = words.get(index);
    int[] from = word.ids;
    int[] to = new int[from.length];
    int length = 0;
    int next = 0;
    while (next < from.length) {
      if (next + 1 == from.length || from[next] != pair.left() || from[next + 1] != pair.right()) {
        to[length++] = from[next++];
        continue;
      }
      next += 2;
      if (length > 0) {
        uncount(new Merge(to[length - 1], pair.left()), word.count);
        grown.add(count(new Merge(to[length - 1], id), index, word.count));
      }
      if (next < from.length) {
        uncount(new Merge(pair.right(), from[next]), word.count);
        grown.add(count(new Merge(id, from[next]), index, word.count));
      }
      to[length++] = id;
    }
    word.ids = Arrays.copyOf(to, length);
  }
}
