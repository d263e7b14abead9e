package dev.alambic.teacher;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SignalSettings;

/** The records that cross the network as protobuf messages. */
final class Messages {
  private Messages() {}

  static TeacherProto.SignalSettings of(SignalSettings settings) {
    return TeacherProto.SignalSettings.newBuilder()
        .setEncoding(settings.encoding().name())
        .setSize(settings.size())
        .setSeed(settings.seed())
        .setTemperature(settings.temperature())
        .setVocabularySize(settings.vocabularySize())
        .build();
  }

  /**
   * Settings from a message.
   *
   * @throws IllegalArgumentException naming the field that is out of bounds
   */
  static SignalSettings settings(TeacherProto.SignalSettings message) {
    return new SignalSettings(
        encoding(message.getEncoding()),
        message.getSize(),
        message.getSeed(),
        message.getTemperature(),
        message.getVocabularySize());
  }

  private static SignalEncoding encoding(String name) {
    for (SignalEncoding encoding : SignalEncoding.values()) {
      if (encoding.name().equals(name)) {
        return encoding;
      }
    }
    throw new IllegalArgumentException("signal.encoding: \"" + name + "\" is unknown");
  }

  static TeacherProto.Fingerprint of(Fingerprint fingerprint) {
    return TeacherProto.Fingerprint.newBuilder()
        .setVersion(fingerprint.version())
        .setConfigDigest(fingerprint.model().config())
        .setWeightsDigest(fingerprint.model().weights())
        .setTokenizerDigest(fingerprint.model().tokenizer())
        .setVocabularySize(fingerprint.vocabularySize())
        .setFinalSoftCap(fingerprint.finalSoftCap())
        .setSettings(of(fingerprint.settings()))
        .build();
  }

  /**
   * A fingerprint from a message.
   *
   * @throws IllegalArgumentException naming the field that is out of bounds
   */
  static Fingerprint fingerprint(TeacherProto.Fingerprint message) {
    return new Fingerprint(
        message.getVersion(),
        new ModelDigests(
            message.getConfigDigest(), message.getWeightsDigest(), message.getTokenizerDigest()),
        message.getVocabularySize(),
        message.getFinalSoftCap(),
        settings(message.getSettings()));
  }

  static TeacherProto.Description of(TeacherDescription description) {
    return TeacherProto.Description.newBuilder()
        .setFingerprint(of(description.fingerprint()))
        .setFamily(description.family())
        .setParameters(description.parameters())
        .setContextLength(description.contextLength())
        .setMaxBatchTokens(description.maxBatchTokens())
        .build();
  }

  /**
   * A description from a message.
   *
   * @throws IllegalArgumentException naming the field that is out of bounds
   */
  static TeacherDescription description(TeacherProto.Description message) {
    return new TeacherDescription(
        fingerprint(message.getFingerprint()),
        message.getFamily(),
        message.getParameters(),
        message.getContextLength(),
        message.getMaxBatchTokens());
  }
}
