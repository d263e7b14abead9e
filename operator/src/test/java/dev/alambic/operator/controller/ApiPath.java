package dev.alambic.operator.controller;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path of the Kubernetes API.
 *
 * @param resource group, version and plural: {@code apis/apps/v1/deployments}
 * @param namespace null for all
 * @param name null for the collection
 */
record ApiPath(String resource, String namespace, String name, boolean status) {
  private static final Pattern PATTERN =
      Pattern.compile(
          "/(?<api>api/v1|apis/[^/]+/[^/]+)(/namespaces/(?<namespace>[^/]+))?"
              + "/(?<plural>[^/]+)(/(?<name>[^/]+))?(?<status>/status)?");

  static ApiPath of(String path) {
    Matcher matcher = PATTERN.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(path);
    }
    return new ApiPath(
        matcher.group("api") + "/" + matcher.group("plural"),
        matcher.group("namespace"),
        matcher.group("name"),
        matcher.group("status") != null);
  }

  /** Whether objects of this kind count the changes of what is wanted of them. */
  boolean hasGeneration() {
    return !resource.startsWith("api/v1/");
  }

  String key(String ofName) {
    return resource + "/" + namespace + "/" + ofName;
  }
}
