package dev.alambic.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.corpus.Texts;
import dev.alambic.io.Sha256;
import dev.alambic.tokenizer.BytePairVocabulary.Merge;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairTrainerTest {
  @TempDir Path folder;

  @Test
  void mergesTheMostFrequentPairFirstAndBreaksTiesByTheLowerIds() {
    BytePairVocabulary vocabulary =
        BytePairTrainer.train(Texts.passages(List.of("aab aab bc bc zz")), 300);
    // aa, ab, bc and " b" occur twice each. Then bc and aa-b; then " "-bc and aa-b: a space has a
    // lower id than any merge.
    assertThat(vocabulary.tokens().subList(257, vocabulary.size()))
        .containsExactly("aa", "bc", "Ġbc", "aab");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void choosesTheSameMergesAsCountingEverythingAnew(int seed) {
    Random random = new Random(seed);
    List<String> texts =
        List.of(
            Texts.prose(random, 400),
            Texts.awkward(random, 400),
            "a".repeat(50),
            "abab ".repeat(9));
    BytePairVocabulary vocabulary = BytePairTrainer.train(Texts.passages(texts), 400);
    assertThat(vocabulary.merges()).isEqualTo(slowMerges(texts, vocabulary.merges().size()));
    assertThat(vocabulary.size()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void encodesLikeTheNativeTokenizer(int seed) {
    Random random = new Random(seed);
    BytePairVocabulary vocabulary =
        BytePairTrainer.train(
            Texts.passages(List.of(Texts.prose(random, 2000), Texts.awkward(random, 500))), 600);
    vocabulary.write(folder);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(600);
      for (int i = 0; i < 50; i++) {
        String text = i % 2 == 0 ? Texts.prose(random, 60) : Texts.awkward(random, 60);
        text = withoutUnassigned(text);
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(encode(vocabulary, text));
      }
    }
  }

  @Test
  void writesTheSameBytesForTheSameText() throws Exception {
    List<String> texts = List.of(Texts.prose(new Random(5), 3000));
    BytePairTrainer.train(Texts.passages(texts), 500).write(folder.resolve("a"));
    BytePairTrainer.train(Texts.passages(texts), 500).write(folder.resolve("b"));
    for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
      assertThat(folder.resolve("a").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
    }
    assertThat(Sha256.of(Files.readAllBytes(folder.resolve("a/tokenizer.json"))))
        .isEqualTo("18970199762fc72a7df047c4a2cb2d5784e07981f5b8980e3f7fe388cfc709d3");
  }

  @Test
  void stopsWhereNoPairOccursTwice() {
    assertThat(BytePairTrainer.train(Texts.passages(List.of("abc")), 1000).size()).isEqualTo(257);
    assertThat(BytePairTrainer.train(Texts.passages(List.of()), 1000).size()).isEqualTo(257);
  }

  @Test
  void refusesAVocabularyWithoutRoomForAllBytes() {
    assertThatThrownBy(() -> BytePairTrainer.train(Texts.passages(List.of("a")), 256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("256")
        .hasMessageContaining("257");
  }

  /** Counts all pairs of all words before every merge. */
  private static List<Merge> slowMerges(List<String> texts, int most) {
    List<List<Integer>> words = new ArrayList<>();
    texts.forEach(text -> words(text).forEach(word -> words.add(bytes(word))));
    List<Merge> merges = new ArrayList<>();
    while (merges.size() < most) {
      Map<Merge, Integer> counts = new HashMap<>();
      for (List<Integer> word : words) {
        for (int i = 0; i + 1 < word.size(); i++) {
          counts.merge(new Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
        }
      }
      // Of "aaa" both neighbours count, as in the trainer.
      Merge best =
          counts.entrySet().stream()
              .min(
                  Map.Entry.<Merge, Integer>comparingByValue()
                      .reversed()
                      .thenComparing(entry -> entry.getKey().left())
                      .thenComparing(entry -> entry.getKey().right()))
              .orElseThrow()
              .getKey();
      int id = BytePairVocabulary.FIRST_MERGE + merges.size();
      words.forEach(word -> apply(word, best, id));
      merges.add(best);
    }
    return merges;
  }

  /** The textbook encoding: in each word, always the earliest merge that applies. */
  private static int[] encode(BytePairVocabulary vocabulary, String text) {
    Map<Merge, Integer> ranks = new HashMap<>();
    vocabulary.merges().forEach(merge -> ranks.put(merge, ranks.size()));
    List<Integer> ids = new ArrayList<>();
    for (String word : words(text)) {
      List<Integer> symbols = bytes(word);
      while (true) {
        int best = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < symbols.size(); i++) {
          Merge pair = new Merge(symbols.get(i), symbols.get(i + 1));
          best = Math.min(best, ranks.getOrDefault(pair, Integer.MAX_VALUE));
        }
        if (best == Integer.MAX_VALUE) {
          break;
        }
        apply(symbols, vocabulary.merges().get(best), BytePairVocabulary.FIRST_MERGE + best);
      }
      ids.addAll(symbols);
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void apply(List<Integer> symbols, Merge pair, int id) {
    for (int i = 0; i + 1 < symbols.size(); i++) {
      if (symbols.get(i) == pair.left() && symbols.get(i + 1) == pair.right()) {
        symbols.set(i, id);
        symbols.remove(i + 1);
      }
    }
  }

  private static List<String> words(String text) {
    return BytePairTrainer.WORD.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<Integer> bytes(String word) {
    int[] byteIds = BytePairVocabulary.byteIds();
    List<Integer> ids = new ArrayList<>();
    for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
      ids.add(byteIds[Byte.toUnsignedInt(value)]);
    }
    return ids;
  }

  /** What is a letter depends on the version of Unicode, so leave out what may have become one. */
  private static String withoutUnassigned(String text) {
    return text.codePoints()
        .filter(c -> Character.getType(c) != Character.UNASSIGNED)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
