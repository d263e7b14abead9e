package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a server answers. {@code http://host:8000}, {@code http://host:8000/} and {@code
 * http://host:8000/v1} are the same server.
 *
 * @param root of all its paths, without a slash at the end
 */
record ServerUrl(String root) {
  private static final String API = "/v1";

  /**
   * Reads an address.
   *
   * @throws RunException if it is none, or holds a user's name or password: an address is shown to
   *     people
   */
  static ServerUrl of(String address) {
    URI uri = parsed(address);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw wrong("is not the address of an HTTP server, such as http://vllm.models:8000/v1");
    }
    if (uri.getUserInfo() != null) {
      throw wrong("holds a name or password: give a key in teacher.apiKey instead");
    }
    String root = address.replaceAll("/+$", "");
    return new ServerUrl(
        root.endsWith(API) ? root.substring(0, root.length() - API.length()) : root);
  }

  private static URI parsed(String address) {
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw wrong("is not an address: " + e.getReason());
    }
  }

  private static RunException wrong(String why) {
    return new RunException(ExitCode.USAGE, "teacher.endpoint: " + why);
  }

  /** The address of a path below the root, {@code /v1/models}. */
  URI at(String path) {
    return URI.create(root + path);
  }

  @Override
  public String toString() {
    return root;
  }
}
