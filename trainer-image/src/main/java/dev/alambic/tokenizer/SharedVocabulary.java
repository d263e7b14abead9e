package dev.alambic.tokenizer;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.GenerationConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ids must mean one thing to tokenizer, model, teacher and student, or nothing is learnt. */
public final class SharedVocabulary {
  private static final Logger LOG = LoggerFactory.getLogger(SharedVocabulary.class);

  private SharedVocabulary() {}

  /**
   * Refuses a tokenizer with ids beyond a model's embedding. Added tokens, such as a padding token
   * that were never trained may lie beyond it: no text needs them.
   *
   * @param folder where the tokenizer is
   * @param who whose embedding it is, for the message
   */
  public static void requireRows(
      Path folder, Tokenizer tokenizer, String who, DecoderConfig model) {
    if (tokenizer.vocabularySize() <= model.vocabulary().size()) {
      return;
    }
    Path file = folder.resolve(Tokenizer.FILE);
    int plain = TokenizerVocabulary.read(file, Tokenizer.read(file)).plainSize();
    int begin = Objects.requireNonNullElse(tokenizer.beginOfText(), 0);
    int least = Math.max(plain, 1 + Math.max(begin, tokenizer.endOfText()));
    if (least > model.vocabulary().size()) {
      throw new RunException(
          ExitCode.DATA,
          "%s: has %d ids, but %s has %d rows in its embedding: take the tokenizer that belongs to it"
              .formatted(file, least, who, model.vocabulary().size()));
    }
    LOG.warn(
        "{}: has added tokens with ids up to {}, but {} has {} rows: a text with them is refused",
        file,
        tokenizer.vocabularySize() - 1,
        who,
        model.vocabulary().size());
  }

  /**
   * Refuses a model's folder whose tokenizer and configuration contradict each other: ids beyond
   * the embedding, another begin or end of text. A folder without {@code config.json}, a tokenizer
   * alone, agrees.
   */
  public static void requireAgreement(Path folder, Tokenizer tokenizer) {
    Path file = folder.resolve(HuggingFaceConfig.FILE_NAME);
    if (!Files.exists(file)) {
      return;
    }
    HuggingFaceConfig config = HuggingFaceConfig.read(file);
    requireRows(folder, tokenizer, file.toString(), config.decoder());
    SpecialTokens special = GenerationConfig.specialTokens(folder, config);
    Integer begin = tokenizer.beginOfText();
    if (begin != null && special.begin() != null && !begin.equals(special.begin())) {
      throw contradiction(folder, "bos_token_id", special.begin().toString(), begin);
    }
    int end = tokenizer.endOfText();
    if (!special.end().isEmpty() && !special.end().contains(end)) {
      throw contradiction(folder, "eos_token_id", special.end().toString(), end);
    }
  }

  private static RunException contradiction(Path folder, String field, String said, int tokenizer) {
    return new RunException(
        ExitCode.DATA,
        "%s: %s is %s, but the tokenizer's is %d: make %s and tokenizer_config.json agree"
            .formatted(folder, field, said, tokenizer, GenerationConfig.FILE_NAME));
  }

  /**
   * What a student's starting point makes of the teacher's tokens. Other settings of a tokenizer,
   * such as its chat template, may differ, and added tokens that end or begin no text: these are
   * logged. A folder without tokenizer agrees.
   *
   * @return the added tokens that mean something else to the student, or nothing, by the teacher's
   *     id
   * @throws RunException DATA if other tokens do
   */
  public static Map<Integer, String> differences(Path teacher, Path student, Tokenizer tokenizer) {
    Path teachers = teacher.resolve(Tokenizer.FILE);
    Path students = student.resolve(Tokenizer.FILE);
    if (!Files.exists(students)) {
      return Map.of();
    }
    TokenizerVocabulary here = TokenizerVocabulary.read(students, Tokenizer.read(students));
    TokenizerVocabulary there = TokenizerVocabulary.read(teachers, Tokenizer.read(teachers));
    Map<Integer, String> others = here.foreign(there);
    BitSet harmless = there.added();
    harmless.clear(tokenizer.endOfText());
    if (tokenizer.beginOfText() != null) {
      harmless.clear(tokenizer.beginOfText());
    }
    others.entrySet().stream()
        .filter(token -> !harmless.get(token.getKey()))
        .min(Map.Entry.comparingByKey())
        .ifPresent(
            token -> {
              throw new RunException(
                  ExitCode.DATA,
                  "student.initFrom: %s has %d tokens, the teacher's %s has %d, and \"%s\" is not the same in both: they must share one vocabulary"
                      .formatted(
                          students, here.size(), teachers, there.size(), shown(token.getValue())));
            });
    if (!others.isEmpty()) {
      LOG.warn(
          "student.initFrom: {} does not know {} added tokens of the teacher's {}, such as \"{}\": a"
              + " text with them is refused",
          students,
          others.size(),
          teachers,
          shown(others.values().iterator().next()));
    }
    return others;
  }

  private static String shown(String token) {
    return token.replaceAll("\\p{C}", "?");
  }

  /** Tokens that end a text by a folder's model and tokenizer. */
  public static Set<Integer> endTokens(Path folder, Tokenizer tokenizer) {
    Set<Integer> ends = new HashSet<>(specialTokens(folder).end());
    ends.add(tokenizer.endOfText());
    return ends;
  }

  /**
   * The special tokens of a folder: its model's, or, where there is only a tokenizer, those that
   * the tokenizer names.
   */
  public static SpecialTokens specialTokens(Path folder) {
    Path file = folder.resolve(HuggingFaceConfig.FILE_NAME);
    if (Files.exists(file)) {
      return GenerationConfig.specialTokens(folder, HuggingFaceConfig.read(file));
    }
    if (!Files.exists(folder.resolve(Tokenizer.FILE))) {
      return SpecialTokens.NONE;
    }
    byte[] json = Tokenizer.read(folder.resolve(Tokenizer.FILE));
    TokenizerDescription tokenizer = TokenizerDescription.of(folder, json);
    return new SpecialTokens(tokenizer.beginOfText(), List.of(tokenizer.endOfText()), null);
  }
}
