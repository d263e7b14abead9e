package dev.alambic.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.corpus.Texts;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
  @TempDir Path folder;

  @BeforeEach
  void train() {
    Random random = new Random(1);
    BytePairTrainer.train(
            Texts.passages(List.of(Texts.prose(random, 2000), Texts.awkward(random, 500))), 512)
        .write(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void decodesWhatItEncodes(int seed) {
    Random random = new Random(seed);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      for (int i = 0; i < 100; i++) {
        String text = Texts.awkward(random, 80);
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
      assertThat(tokenizer.encode("")).isEmpty();
    }
  }

  @Test
  void neverTruncatesOrPads() throws Exception {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "\"truncation\" : null",
                "\"truncation\" : {\"direction\": \"Right\", \"max_length\": 4, \"strategy\":"
                    + " \"LongestFirst\", \"stride\": 0}")
            .replace(
                "\"padding\" : null",
                "\"padding\" : {\"strategy\": {\"Fixed\": 99}, \"direction\": \"Right\","
                    + " \"pad_to_multiple_of\": null, \"pad_id\": 0, \"pad_type_id\": 0,"
                    + " \"pad_token\": \"<|endoftext|>\"}"));
    assertThat(file).content().contains("Fixed").contains("max_length");
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.decode(tokenizer.encode("one two three four")))
          .isEqualTo("one two three four");
      String prose = Texts.prose(new Random(9), 3000);
      assertThat(tokenizer.decode(tokenizer.encode(prose))).isEqualTo(prose);
    }
  }

  @Test
  void encodesLongTextInPieces() {
    String lines = Texts.prose(new Random(2), 40_000);
    String oneLine = "\ud83d\ude00".repeat(Tokenizer.PIECE) + "x";
    assertThat(lines.length()).isGreaterThan(3 * Tokenizer.PIECE);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.decode(tokenizer.encode(lines))).isEqualTo(lines);
      assertThat(tokenizer.decode(tokenizer.encode("x" + oneLine))).isEqualTo("x" + oneLine);
      assertThat(tokenizer.decode(tokenizer.encode(oneLine))).isEqualTo(oneLine);
    }
  }

  @Test
  void encodesSeveralPiecesAsOneByOne() {
    List<String> texts =
        new Random(3).ints(200, 1, 90).mapToObj(n -> Texts.awkward(new Random(n), n)).toList();
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      List<int[]> together =
          tokenizer.encode(texts.stream().map(text -> new TextPiece(text, true)).toList());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).isEqualTo(tokenizer.encode(texts.get(i)));
      }
    }
  }

  @Test
  void readsAnUnpairedSurrogateAsAReplacementCharacter() {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      String text = "a\ud83d\ude00\ud83d b\ude00 \0 中\ud83d\ude00";
      assertThat(tokenizer.decode(tokenizer.encode(text)))
          .isEqualTo("a\ud83d\ude00\ufffd b\ufffd \0 中\ud83d\ude00");
    }
  }

  @Test
  void addsNoSpecialTokenButReadsOneThatIsWrittenOut() {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      int end = tokenizer.endOfText();
      assertThat(tokenizer.encode("the end")).doesNotContain(end);
      assertThat(tokenizer.encode("the end<|endoftext|>")).endsWith(end);
      assertThat(tokenizer.decode(new int[] {end})).isEqualTo("<|endoftext|>");
    }
  }

  @Test
  void isIdentifiedByItsBytes() throws Exception {
    String before = digest();
    assertThat(before).matches("[0-9a-f]{64}").isEqualTo(digest());
    Files.writeString(
        folder.resolve("tokenizer.json"), Files.readString(folder.resolve("tokenizer.json")) + " ");
    assertThat(digest()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tokenizer_config.json; {\"eos_token\": \"<|endoftext|>\"}; 0",
        "tokenizer_config.json; {\"eos_token\": {\"content\": \"a\", \"lstrip\": false}}; 65",
        "tokenizer_config.json; {}; 0",
        "generation_config.json; {\"eos_token_id\": 7}; 7",
        "generation_config.json; {\"eos_token_id\": [8, 9]}; 8",
      })
  void findsTheEndOfText(String file, String content, int id) throws Exception {
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.writeString(folder.resolve(file), content);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.endOfText()).isEqualTo(id);
    }
  }

  @Test
  void countsAUnigramVocabularyByPosition() throws Exception {
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
         "post_processor": null, "decoder": null, "model": {"type": "Unigram", "unk_id": 0,
         "vocab": [["<unk>", 0.0], ["</s>", 0.0], ["a", -1.5], ["b", -2.0]]}}
        """);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(4);
      assertThat(tokenizer.endOfText()).isEqualTo(1);
      assertThat(tokenizer.encode("ba")).containsExactly(3, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{}",
        "{\"model\": {\"vocab\": {\"</s>\": 0}, \"type\": \"X\"}}",
        "{\"model\": {\"vocab\": 3}}"
      })
  void refusesADamagedTokenizer(String content) throws Exception {
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.writeString(folder.resolve("tokenizer.json"), content);
    assertThat(failure())
        .hasMessageStartingWith(folder.resolve("tokenizer.json").toString())
        .hasMessageNotContaining("\n")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void refusesATornTokenizer() throws Exception {
    Path file = folder.resolve("tokenizer.json");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(failure())
        .hasMessageStartingWith(file + ": damaged: ")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void refusesAnEndOfTextThatIsNoToken() throws Exception {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<eot>\"}");
    assertThat(failure()).hasMessageContaining("tokenizer_config.json: eos_token: \"<eot>\"");
  }

  @Test
  void saysThatThereIsNoTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    assertThat(failure())
        .hasMessageContaining("tokenizer.json: not found")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.NO_INPUT);
  }

  @Test
  void refusesToWorkOnceClosed() {
    Tokenizer tokenizer = Tokenizer.load(folder);
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
  }

  private String digest() {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      return tokenizer.digest();
    }
  }

  private RunException failure() {
    return catchThrowableOfType(RunException.class, () -> Tokenizer.load(folder).close());
  }

  /** An id of 2^31 - 1 would count as no id at all, and be looked up beyond the embedding. */
  @Test
  void idsThatNoEmbeddingHasAreRefused() {
    for (String id : List.of("-1", "16777216", "2147483647", "\"1\"", "null")) {
      assertDamaged(
          "{\"added_tokens\": [{\"content\": \"x\", \"id\": " + id + "}]}", "token x: its id");
    }
    assertDamaged("{\"model\": {\"vocab\": {\"y\": 2147483647}}}", "token y: its id 2147483647");
  }

  @Test
  void aProcessorThatIsNoneIsNotMadeATree() {
    assertDamaged(
        "{\"post_processor\": {\"a\": [" + "{},".repeat(400_000) + "{}]}}",
        "more than 100000 parts");
  }

  private void assertDamaged(String json, String reason) {
    Path file = folder.resolve("tokenizer.json");
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TokenizerVocabulary.read(file, bytes))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": damaged: ")
        .hasMessageContaining(reason);
  }
}
