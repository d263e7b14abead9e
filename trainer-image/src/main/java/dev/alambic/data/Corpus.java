package dev.alambic.data;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;

/**
 * A corpus, tokenised and packed.
 *
 * @param train what is trained on
 * @param heldOut what is evaluated on; the same text for everybody who reads the same corpus
 * @param digest SHA-256, in hexadecimal, of the tokens of both parts
 */
public record Corpus(PackedSequences train, PackedSequences heldOut, String digest) {
  /**
   * Opens a corpus, tokenising it first unless the cache has it.
   *
   * @param sequenceLength tokens in a sequence
   * @throws RunException NO_INPUT if there is no corpus; DATA if its text is unusable or a part is
   *     shorter than one sequence; IO if corpus or cache cannot be read or written
   */
  public static Corpus open(RunSpec.Data data, Tokenizer tokenizer, int sequenceLength) {
    TokenFile.Mapped tokens = new TokenStore(data, tokenizer).open();
    requireOne(tokens.train(), sequenceLength, data.path(), "more text");
    if (data.validationPath() == null) {
      String twentieth = "the held-out twentieth of " + data.path();
      requireOne(tokens.heldOut(), sequenceLength, twentieth, "more text, a validation corpus");
    } else {
      requireOne(tokens.heldOut(), sequenceLength, data.validationPath(), "more text");
    }
    return new Corpus(
        new MappedSequences(tokens.train(), sequenceLength, tokenizer.beginOfText()),
        new MappedSequences(tokens.heldOut(), sequenceLength, tokenizer.beginOfText()),
        tokens.digest());
  }

  private static void requireOne(
      MappedTokens tokens, int sequenceLength, String what, String remedy) {
    if (tokens.count() <= sequenceLength) {
      throw new RunException(
          ExitCode.DATA,
          "%s: its %d tokens are less than one sequence of %d and a label; give %s or a shorter sequence length"
              .formatted(what, tokens.count(), sequenceLength, remedy));
    }
  }
}
