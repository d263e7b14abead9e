package dev.alambic.teacher.openai;

import dev.alambic.io.Sha256;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SignalSettings;
import java.util.function.Function;

/**
 * What a run wants of a server.
 *
 * @param endpoint its address
 * @param model the name of the model there, or null: the only one
 * @param vocabularySize of the student
 * @param sequenceTokens tokens of a sequence, T + 1
 * @param tokenizerDigest of the student's tokenizer
 * @param tokenizer encodes a text without special tokens
 * @param settings of the signals, TopK at temperature 1
 */
public record TeacherRequirements(
    String endpoint,
    String model,
    int vocabularySize,
    int sequenceTokens,
    String tokenizerDigest,
    Function<String, int[]> tokenizer,
    SignalSettings settings) {

  /** Ids per position: no more than there are. */
  int size() {
    return Math.min(settings.size(), vocabularySize);
  }

  /**
   * What the signals of this model mean. A server doesn't show its weights, so that the model is
   * known by its name, where it was loaded from, and its context; not by the address, which may
   * change. The soft-cap is in its probabilities already.
   */
  Fingerprint fingerprint(ModelCard card) {
    String about = "alambic OpenAI-compatible teacher\n" + card.identity();
    ModelDigests digests =
        new ModelDigests(Sha256.of("configuration of " + about), Sha256.of(about), tokenizerDigest);
    return new Fingerprint(Fingerprint.VERSION, digests, vocabularySize, 0, settings);
  }
}
