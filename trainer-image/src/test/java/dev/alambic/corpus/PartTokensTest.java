package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.corpus.text.Passage;
import dev.alambic.tokenizer.IntList;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parts of a text have the tokens that they have in the whole. The whole is encoded at once by the
 * native library, which e2e/parity holds against transformers for published tokenizers.
 */
class PartTokensTest {
  private static final String REPLACE =
      "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}";
  private static final String METASPACE =
      "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"%s\", \"split\": %s}";
  private static final String LLAMA_2 =
      "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"▁\"}, "
          + REPLACE
          + "]}";

  @TempDir private Path folder;

  /** Letters, a few words that merge with the space before them, and line breaks. */
  private Tokenizer tokenizer(String normalizer, String preTokenizer) throws IOException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String token : List.of("<unk>", "<s>", "</s>", "▁", "\n", ".", ",", "Ġ", "Ċ")) {
      ids.put(token, ids.size());
    }
    for (char letter = 'a'; letter <= 'z'; letter++) {
      ids.put(String.valueOf(letter), ids.size());
    }
    List<String> merges = new ArrayList<>();
    for (String merge :
        List.of(
            "t h", "th e", "▁ the", "Ġ the", "▁ a", "Ġ a", "i n", "▁ in", "a b", "l e", "ab le",
            "▁ ▁", "Ġ Ġ", "e r", "o u", "▁ t", "Ġ t", ". \n", ". Ċ", "\n \n", "n i")) {
      ids.putIfAbsent(merge.replace(" ", ""), ids.size());
      merges.add('"' + merge.replace("\n", "\\n") + '"');
    }
    List<String> vocabulary =
        ids.entrySet().stream()
            .map(token -> "\"" + token.getKey().replace("\n", "\\n") + "\": " + token.getValue())
            .toList();
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [
          {"id": 1, "content": "<s>", "special": true, "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false},
          {"id": 2, "content": "</s>", "special": true, "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false}],
         "normalizer": %s, "pre_tokenizer": %s, "post_processor": null, "decoder": null,
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "vocab": {%s},
                   "merges": [%s]}}
        """
            .formatted(
                normalizer,
                preTokenizer,
                String.join(", ", vocabulary),
                String.join(", ", merges)));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"add_bos_token\": true, \"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    return Tokenizer.load(folder);
  }

  private Tokenizer ofKind(String kind) throws IOException {
    return switch (kind) {
      case "Prepend" -> tokenizer(LLAMA_2, "null");
      case "first" -> tokenizer("null", METASPACE.formatted("first", "false"));
      case "always" -> tokenizer("null", METASPACE.formatted("always", "true"));
      case "never" -> tokenizer("null", METASPACE.formatted("never", "true"));
      case "Gemma" -> tokenizer(REPLACE, "null");
      case "RoBERTa" ->
          tokenizer(
              "null",
              "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": true,"
                  + " \"use_regex\": true}");
      case "T5" ->
          tokenizer(
              "null",
              "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"WhitespaceSplit\"}, "
                  + METASPACE.formatted("always", "true")
                  + "]}");
      case "Strip" ->
          tokenizer(
              "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Strip\", \"strip_left\":"
                  + " true, \"strip_right\": true}, {\"type\": \"Replace\", \"pattern\":"
                  + " {\"Regex\": \"[ \\n]+\"}, \"content\": \" \"}]}",
              METASPACE.formatted("always", "true"));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Words, indented lines, blank lines, dots before line breaks, and some that are written out. */
  private static String text(Random random, int words) {
    String[] pieces = {
      " the",
      " able",
      " in",
      "  ",
      "\n",
      "\n\n    ",
      ".",
      ".\n",
      " a",
      " other",
      "thethe",
      ", the",
      " nine",
      "</s>",
      " ou",
      "\nthe"
    };
    StringBuilder text = new StringBuilder("the");
    for (int i = 0; i < words; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.append(" end").toString();
  }

  private static int[] whole(Tokenizer tokenizer, String text) {
    assertThat(text.length()).isLessThan(Tokenizer.PIECE);
    return tokenizer.encodeText(text);
  }

  private static int[] packed(Tokenizer tokenizer, List<Passage> passages) throws IOException {
    IntList tokens = new IntList(100);
    PartTokens part = new PartTokens(tokenizer, tokens::add);
    for (Passage passage : passages) {
      part.add(passage);
    }
    part.finish();
    return tokens.toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Prepend", "first", "always", "never", "Gemma", "RoBERTa", "Strip", "T5"})
  void passagesThatGoOnHaveTheTokensOfTheWhole(String kind) throws IOException {
    try (Tokenizer tokenizer = ofKind(kind)) {
      for (int seed = 0; seed < 20; seed++) {
        Random random = new Random(seed);
        String text = text(random, 2000);
        List<Passage> passages = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
          int end = Math.min(text.length(), at + 1 + random.nextInt(3000));
          passages.add(new Passage("f", passages.size(), at > 0, text.substring(at, end)));
          at = end;
        }
        int[] expected = whole(tokenizer, text);
        expected = Arrays.copyOf(expected, expected.length + 1);
        expected[expected.length - 1] = 2;
        assertThat(packed(tokenizer, passages)).isEqualTo(expected);
      }
    }
  }

  /** The cut itself: of long texts, which are encoded in pieces. */
  @ParameterizedTest
  @ValueSource(strings = {"Prepend", "first", "always", "never", "Gemma", "RoBERTa", "Strip", "T5"})
  void cutsChangeNoToken(String kind) throws IOException {
    try (Tokenizer tokenizer = ofKind(kind)) {
      for (int seed = 0; seed < 50; seed++) {
        String text = text(new Random(seed), 1200);
        int at = tokenizer.cut().find(text, text.length() / 2, text.length() - 1 - seed);
        assertThat(at).isBetween(text.length() / 2, text.length() - 1);
        IntList parts = new IntList(1);
        parts.add(tokenizer.encodeText(text.substring(0, at)));
        parts.add(tokenizer.encode(text.substring(at)));
        assertThat(parts.toArray()).isEqualTo(whole(tokenizer, text));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Prepend", "first", "always", "RoBERTa", "Strip"})
  void textThatGoesOnHasNothingInFront(String kind) throws IOException {
    try (Tokenizer tokenizer = ofKind(kind)) {
      int[] able = tokenizer.encode("able");
      assertThat(able).hasSize(1);
      IntList joined = new IntList(1);
      joined.add(tokenizer.encodeText("the un"));
      joined.add(able);
      assertThat(tokenizer.encodeText("the unable")).isEqualTo(joined.toArray());
    }
  }

  @ParameterizedTest
  @CsvSource({"Prepend, 20", "always, 20", "Gemma, 20"})
  void aLongTextHasTheTokensOfItsPieces(String kind, int seeds) throws IOException {
    try (Tokenizer tokenizer = ofKind(kind)) {
      String line = "the able other in the nine\n";
      String text = line.repeat(4 * Tokenizer.PIECE / line.length());
      int[] ofLine = tokenizer.encode(line);
      int[] tokens = tokenizer.encode(text);
      assertThat(tokens).hasSize(ofLine.length * (text.length() / line.length()));
      for (int i = 0; i < tokens.length; i++) {
        assertThat(tokens[i]).isEqualTo(ofLine[i % ofLine.length]);
      }
    }
  }

  /** It has no good place up to where it usually would be cut. */
  @Test
  void aLongWordStaysWhole() throws IOException {
    try (Tokenizer tokenizer = ofKind("T5")) {
      String text = "in" + "the".repeat(Tokenizer.PIECE) + " a" + " the".repeat(Tokenizer.PIECE);
      int[] tokens = tokenizer.encode(text);
      assertThat(tokens).hasSize(2 + 2 * Tokenizer.PIECE);
    }
  }

  @Test
  void aDocumentsOwnBeginAndEndAreNotDoubled() throws IOException {
    try (Tokenizer tokenizer = ofKind("Gemma")) {
      int a = tokenizer.encode("a")[0];
      List<Passage> documents =
          List.of(
              new Passage("f", 0, false, "<s>a</s>"),
              new Passage("f", 1, false, "a"),
              new Passage("f", 2, false, "a</s>"));
      assertThat(packed(tokenizer, documents)).containsExactly(1, a, 2, 1, a, 2, 1, a, 2);
    }
  }
}
