package dev.alambic.teacher;

import dev.alambic.signal.Fingerprint;

/**
 * A teacher's description of itself.
 *
 * @param fingerprint of its signals under the settings that were asked for
 * @param family for people, such as gemma2
 * @param parameters how many it has
 * @param contextLength longest sequence, in tokens
 * @param maxBatchTokens most tokens of one request
 */
public record TeacherDescription(
    Fingerprint fingerprint,
    String family,
    long parameters,
    int contextLength,
    int maxBatchTokens) {}
