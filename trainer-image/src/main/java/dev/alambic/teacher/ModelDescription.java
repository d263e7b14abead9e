package dev.alambic.teacher;

import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SignalSettings;

/**
 * A teacher's model.
 *
 * @param digests of its folder
 * @param family for people, such as gemma2
 * @param parameters how many it has
 * @param vocabularySize ids that its logits are over
 * @param contextLength longest sequence, in tokens
 * @param finalSoftCap s in {@code s tanh(x / s)} on its logits; 0 for none
 */
public record ModelDescription(
    ModelDigests digests,
    String family,
    long parameters,
    int vocabularySize,
    int contextLength,
    double finalSoftCap) {

  /** What this model's signals mean under these settings. */
  public Fingerprint fingerprint(SignalSettings settings) {
    return new Fingerprint(
        Fingerprint.VERSION, digests, settings.shared(vocabularySize), finalSoftCap, settings);
  }
}
