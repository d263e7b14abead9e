package dev.alambic.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte-level byte-pair encoding, as {@link BytePairTrainer} makes it: id 0 is {@link
 * #END_OF_TEXT}, ids 1 to 256 are the bytes in the order of their stand-in characters, and each
 * merge adds the next id.
 *
 * @param merges pairs of ids, in the order in which they are applied
 */
public record BytePairVocabulary(List<Merge> merges) {
  public static final String END_OF_TEXT = "<|endoftext|>";
  static final int FIRST_BYTE = 1;
  static final int FIRST_MERGE = FIRST_BYTE + 256;

  /** The two ids that become one. */
  public record Merge(int left, int right) {}

  public BytePairVocabulary {
    merges = List.copyOf(merges);
  }

  /** Tokens in the vocabulary. */
  public int size() {
    return FIRST_MERGE + merges.size();
  }

  /** The id of every byte: 256 ids. */
  static int[] byteIds() {
    int[] byCharacter = new int[0x200];
    for (int value = 0; value < 256; value++) {
      byCharacter[ByteAlphabet.character(value)] = value + 1;
    }
    int[] ids = new int[256];
    int id = FIRST_BYTE;
    for (int value : byCharacter) {
      if (value > 0) {
        ids[value - 1] = id++;
      }
    }
    return ids;
  }

  /** Every token as it is written in {@code tokenizer.json}, by id. */
  public List<String> tokens() {
    String[] bytes = new String[FIRST_MERGE];
    bytes[0] = END_OF_TEXT;
    int[] ids = byteIds();
    for (int value = 0; value < 256; value++) {
      bytes[ids[value]] = String.valueOf(ByteAlphabet.character(value));
    }
    List<String> tokens = new ArrayList<>(List.of(bytes));
    for (Merge merge : merges) {
      tokens.add(tokens.get(merge.left()) + tokens.get(merge.right()));
    }
    return tokens;
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json}, the same bytes for the same
   * vocabulary.
   *
   * @throws RunException IO if the folder cannot be written
   */
  public void write(Path folder) {
    ObjectMapper json = new ObjectMapper();
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("tokenizer.json"),
          json.writerWithDefaultPrettyPrinter().writeValueAsString(tokenizer()) + "\n");
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          json.writerWithDefaultPrettyPrinter().writeValueAsString(configuration()) + "\n");
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": cannot write the tokenizer: " + e, e);
    }
  }

  private ObjectNode tokenizer() {
    ObjectNode root = object();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens").add(endOfText());
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.putNull("post_processor");
    root.set("decoder", byteLevel());
    root.set("model", model());
    return root;
  }

  private static ObjectNode endOfText() {
    return object()
        .put("id", 0)
        .put("content", END_OF_TEXT)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode byteLevel() {
    return object()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private ObjectNode model() {
    ObjectNode model = object();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    List<String> tokens = tokens();
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    ArrayNode merged = model.putArray("merges");
    for (Merge merge : merges) {
      merged.add(tokens.get(merge.left()) + " " + tokens.get(merge.right()));
    }
    return model;
  }

  private static ObjectNode configuration() {
    return object()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("bos_token", END_OF_TEXT)
        .put("eos_token", END_OF_TEXT)
        .put("add_prefix_space", false)
        .put("clean_up_tokenization_spaces", false);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
