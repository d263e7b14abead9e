package dev.alambic.operator.render;

import java.util.Optional;

/**
 * A place in a persistent volume claim: {@code pvc://CLAIM/PATH}.
 *
 * @param path inside the claim, with a leading slash, or empty for all of it
 */
record Location(String claim, String path) {
  private static final String SCHEME = "pvc://";

  /** The place that a URI names; empty if it is none in a claim. */
  static Optional<Location> of(String uri) {
    if (!uri.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String rest = uri.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    return Optional.of(
        slash < 0
            ? new Location(rest, "")
            : new Location(rest.substring(0, slash), trimmed(rest.substring(slash))));
  }

  private static String trimmed(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
