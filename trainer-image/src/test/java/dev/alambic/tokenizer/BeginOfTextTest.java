package dev.alambic.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.corpus.Packing;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How each family starts a text, as its published tokenizer files say it, and what is packed. */
class BeginOfTextTest {
  /** One token a letter, a to z from id 3 on, so that packed tokens can be read. */
  private static final String LETTERS =
      IntStream.range(0, 26)
          .mapToObj(i -> "\"%c\": %d".formatted('a' + i, i + 3))
          .collect(Collectors.joining(", "));

  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2], "tokens": ["<bos>"]}}}\
      """;

  private static final String BYTE_LEVEL =
      "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": false, \"use_regex\":"
          + " true}";

  @TempDir Path folder;

  @BeforeEach
  void gemma() throws IOException {
    write(
        TEMPLATE, "{\"add_bos_token\": true, \"bos_token\": \"<bos>\", \"eos_token\": \"<eos>\"}");
  }

  private void write(String postProcessor, String configuration) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [
          {"id": 0, "content": "<pad>", "special": true, "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false},
          {"id": 1, "content": "<eos>", "special": true, "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false},
          {"id": 2, "content": "<bos>", "special": true, "single_word": false, "lstrip": false,
           "rstrip": false, "normalized": false}],
         "normalizer": null, "pre_tokenizer": null, "post_processor": %s, "decoder": null,
         "model": {"type": "BPE", "merges": [], "vocab":
           {"<pad>": 0, "<eos>": 1, "<bos>": 2, %s}}}
        """
            .formatted(postProcessor, LETTERS));
    Files.writeString(folder.resolve("tokenizer_config.json"), configuration);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Gemma and Mistral | template | {'add_bos_token': true, 'bos_token': '<bos>'} | 2",
        "Llama 3           | sequence | {'bos_token': '<bos>'}                        | 2",
        "Qwen              | bytes    | {'add_bos_token': false, 'bos_token': null}   |",
        "no post-processor | none     | {'bos_token': '<bos>'}                        |",
        "switched off      | template | {'add_bos_token': false, 'bos_token': '<bos>'} |",
        "an object         | none     | {'add_bos_token': true, 'bos_token': {'content': '<bos>'}} | 2",
      })
  void eachFamilyStartsATextInItsWay(
      String family, String processor, String configuration, Integer begin) throws IOException {
    String json =
        switch (processor) {
          case "template" -> TEMPLATE;
          case "sequence" ->
              "{\"type\": \"Sequence\", \"processors\": [%s, %s]}".formatted(BYTE_LEVEL, TEMPLATE);
          case "bytes" -> BYTE_LEVEL;
          default -> "null";
        };
    write(
        json,
        configuration
            .replace('\'', '"')
            .replace("{", "{\"eos_token\": \"<eos>\", ")
            .replace("{\"eos_token\": \"<eos>\", \"content\"", "{\"content\""));
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.beginOfText()).isEqualTo(begin);
      assertThat(tokenizer.endOfText()).isEqualTo(1);
      assertThat(tokenizer.encode("ab")).containsExactly(3, 4);
    }
  }

  @Test
  void aBeginThatIsNoTokenIsRefused() throws IOException {
    write("null", "{\"add_bos_token\": true, \"eos_token\": \"<eos>\"}");
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .hasMessage(
            folder.resolve("tokenizer_config.json")
                + ": add_bos_token: is true, but bos_token names no token");
    write("null", "{\"add_bos_token\": true, \"bos_token\": \"<s>\", \"eos_token\": \"<eos>\"}");
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .hasMessage(
            folder.resolve("tokenizer_config.json")
                + ": bos_token: \"<s>\" is not a token of tokenizer.json");
  }

  @Test
  void everyDocumentAndEverySequenceStartsWithIt() throws IOException {
    assertThat(sequences())
        .containsExactly(
            // <bos> a b <eos> <bos> c d e f <eos> <bos> g <eos>, in fours with one label more
            new int[] {2, 3, 4, 1, 2}, new int[] {2, 5, 6, 7, 8}, new int[] {2, 1, 2, 9, 1});
  }

  @Test
  void aFamilyWithoutOneStartsWithTheTextItself() throws IOException {
    write("null", "{\"eos_token\": \"<eos>\"}");
    assertThat(sequences()).containsExactly(new int[] {3, 4, 1, 5, 6}, new int[] {6, 7, 8, 1, 9});
  }

  @Test
  void oneThatIsWrittenOutIsNotDoubled() throws IOException {
    assertThat(sequences("<bos>ab", "cdefghij").get(0)).containsExactly(2, 3, 4, 1, 2);
  }

  @Test
  void anotherPolicyIsAnotherCache() throws IOException {
    sequences();
    write(TEMPLATE, "{\"add_bos_token\": false, \"eos_token\": \"<eos>\"}");
    sequences();
    try (var files = Files.list(folder.resolve("cache"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".tokens"))).hasSize(2);
    }
  }

  private List<int[]> sequences() throws IOException {
    return sequences("ab", "cdef", "g");
  }

  private List<int[]> sequences(String... documents) throws IOException {
    Path text = folder.resolve("text.jsonl");
    StringBuilder lines = new StringBuilder();
    for (String document : documents) {
      lines.append("{\"text\": \"%s\"}\n".formatted(document));
    }
    Files.writeString(text, lines);
    Path heldOut = folder.resolve("held-out.jsonl");
    Files.writeString(heldOut, "{\"text\": \"hijklmnop\"}\n");
    RunSpec.Data data =
        new RunSpec.Data(
            text.toString(),
            DataFormat.JSONLines,
            "text",
            heldOut.toString(),
            folder.resolve("cache").toString(),
            null);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      PackedSequences packed = Corpus.open(data, tokenizer, new Packing(4, 1, 0)).sample();
      return IntStream.range(0, (int) packed.count()).mapToObj(packed::sequence).toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "29  | 2    | 1     | ",
        "29  | null | null  | ",
        "29  | 2    | [4,1] | ",
        "100 | 2    | 1     | ",
        "28  | 2    | 1     | tokenizer.json: has 29 ids, but FOLDER/config.json has 28 rows in its embedding: take the tokenizer that belongs to it",
        "29  | 0    | 1     | bos_token_id is 0, but the tokenizer's is 2: make generation_config.json and tokenizer_config.json agree",
        "29  | 2    | 7     | eos_token_id is [7], but the tokenizer's is 1: make generation_config.json and tokenizer_config.json agree",
      })
  void tokenizerAndConfigMustAgree(int rows, String begin, String end, String refusal)
      throws IOException {
    writeConfig(rows, begin, end);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      if (refusal == null) {
        SharedVocabulary.requireAgreement(folder, tokenizer);
      } else {
        assertThatThrownBy(() -> SharedVocabulary.requireAgreement(folder, tokenizer))
            .isInstanceOf(RunException.class)
            .hasMessageEndingWith(refusal.replace("FOLDER", folder.toString()))
            .extracting(e -> ((RunException) e).exitCode())
            .isEqualTo(ExitCode.DATA);
      }
    }
  }

  /** A tokenizer's own generation_config.json has the last word, as in transformers. */
  @Test
  void generationConfigWins() throws IOException {
    writeConfig(29, "0", "7");
    Files.writeString(
        folder.resolve("generation_config.json"), "{\"bos_token_id\": 2, \"eos_token_id\": [1]}");
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      SharedVocabulary.requireAgreement(folder, tokenizer);
    }
  }

  private void writeConfig(int rows, String begin, String end) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "gemma2", "vocab_size": %d, "hidden_size": 8, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4, "intermediate_size": 8,
         "bos_token_id": %s, "eos_token_id": %s}
        """
            .formatted(rows, begin, end));
  }

  @Test
  void teacherAndStudentMustShareTheVocabulary(@TempDir Path student) throws IOException {
    assertThat(differences(student)).isEmpty();
    Path copy = student.resolve("tokenizer.json");
    String json = Files.readString(folder.resolve("tokenizer.json"));
    Files.writeString(copy, json.replace("\"version\": \"1.0\"", "\"version\":  \"1.0\""));
    assertThat(differences(student)).isEmpty();

    // What only the student knows is never taught.
    Files.writeString(copy, json.replace("\"z\": 28", "\"z\": 28, \"zz\": 29"));
    assertThat(differences(student)).isEmpty();

    Files.writeString(copy, json.replace(", \"z\": 28", ""));
    assertThatThrownBy(() -> differences(student))
        .hasMessage(
            "student.initFrom: %s has 28 tokens, the teacher's %s has 29, and \"z\" is not the same in both: they must share one vocabulary",
            copy, folder.resolve("tokenizer.json"));

    Files.writeString(copy, json.replace("\"y\": 27, \"z\": 28", "\"y\": 28, \"z\": 27"));
    assertThatThrownBy(() -> differences(student))
        .hasMessageContaining("has 29 tokens, the teacher's")
        .hasMessageContaining("and \"y\" is not the same in both");
  }

  @Test
  void addedTokensThatNoTextNeedsMayDiffer(@TempDir Path student) throws IOException {
    String json = Files.readString(folder.resolve("tokenizer.json"));
    Files.writeString(student.resolve("tokenizer.json"), json);
    Files.writeString(folder.resolve("tokenizer.json"), withAdded(json, 29, "<|tool|>"));

    Map<Integer, String> others = differences(student);

    assertThat(others).containsExactly(Map.entry(29, "<|tool|>"));
    SharedIds ids = new SharedIds(30, others);
    ids.require(new int[] {2, 3, 28, 1});
    assertThatThrownBy(() -> ids.require(new int[] {2, 29}))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(
            "token 29, \"<|tool|>\", stands in the text, and means something else to"
                + " student.initFrom");
    assertThatThrownBy(() -> ids.within(29).require(new int[] {29}))
        .hasMessageStartingWith(
            "token 29 stands in the text, but teacher and student have 29 rows in common");
  }

  /** As Llama 2 with a padding token that somebody added. */
  @Test
  void anAddedTokenMayLieBeyondTheEmbedding() throws IOException {
    writeConfig(29, "2", "1");
    String json = Files.readString(folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("tokenizer.json"), withAdded(json, 29, "<pad>"));
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(30);
      SharedVocabulary.requireAgreement(folder, tokenizer);
    }
  }

  private static String withAdded(String json, int id, String token) {
    String added =
        "{\"id\": %d, \"content\": \"%s\", \"single_word\": false, \"lstrip\": false, \"rstrip\":"
            + " false, \"normalized\": false, \"special\": true}";
    int list = json.indexOf('[', json.indexOf("\"added_tokens\"")) + 1;
    boolean empty = json.substring(list).stripLeading().startsWith("]");
    return json.substring(0, list)
        + added.formatted(id, token)
        + (empty ? "" : ",")
        + json.substring(list);
  }

  private Map<Integer, String> differences(Path student) {
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      return SharedVocabulary.differences(folder, student, tokenizer);
    }
  }
}
