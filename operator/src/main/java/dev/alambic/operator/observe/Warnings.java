package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/**
 * What the platform last warned of about an object, in its events: the only place where it says why
 * a Job has no pods or a claim no volume. Asked only when something waits.
 */
@FunctionalInterface
public interface Warnings {
  /** The message of the object's latest warning. */
  Optional<String> latest(HasMetadata object);
}
