package dev.alambic.cli.local;

import dev.alambic.operator.plan.PlanException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a {@code file://} URI of a manifest points to on this machine. */
public final class LocalSource {
  private static final String SCHEME = "file://";

  private LocalSource() {}

  /** Whether the URI is of this machine. */
  public static boolean isFile(String uri) {
    return uri.startsWith(SCHEME);
  }

  /**
   * The path of a URI; a relative one starts at the manifest's folder.
   *
   * @param field of the manifest, for the message
   * @throws PlanException if it is not a file or nothing is there
   */
  public static Path resolve(Path manifest, String field, String uri) throws PlanException {
    if (!isFile(uri)) {
      throw problem(field, uri + " can only be read in a cluster: give a file:// path");
    }
    Path folder = manifest.toAbsolutePath().getParent();
    Path path = folder.resolve(uri.substring(SCHEME.length())).normalize();
    if (!Files.exists(path)) {
      throw problem(field, path + " is not there");
    }
    return path;
  }

  private static PlanException problem(String field, String reason) {
    return new PlanException(List.of(field + ": " + reason));
  }
}
