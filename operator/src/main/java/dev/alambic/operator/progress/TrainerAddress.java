package dev.alambic.operator.progress;

import java.net.URI;

/**
 * A running trainer.
 *
 * @param podUid distinguishes pods of the same name
 * @param uri of its {@code /progress}
 */
public record TrainerAddress(String podUid, URI uri) {}
