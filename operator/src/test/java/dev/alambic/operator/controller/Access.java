package dev.alambic.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing that may be done.
 *
 * @param resource {@code group/plural}, with {@code /subresource} where it is one
 */
record Access(String resource, String verb) implements Comparable<Access> {
  private static final Pattern RESOURCE =
      Pattern.compile("(api|apis/(?<group>[^/]+))/[^/]+/(?<plural>[^/]+)");
  private static final List<String> ASKED_BY_EVERYBODY =
      List.of("authorization.k8s.io/selfsubjectrulesreviews");

  /**
   * What an API server demands for a request.
   *
   * @param there whether the object is there that the request names
   */
  static List<Access> demandedFor(ApiRequest request, boolean there) {
    ApiPath path = ApiPath.of(request.path());
    String resource = resource(path);
    if (ASKED_BY_EVERYBODY.contains(resource)) {
      return List.of();
    }
    List<Access> demanded = new ArrayList<>();
    demanded.add(new Access(resource, verb(request, path)));
    boolean applied =
        request.contentType() != null
            && request.contentType().startsWith("application/apply-patch");
    if (applied && !there) {
      // An apply that makes the object (apiserver/pkg/endpoints/handlers/patch.go).
      demanded.add(new Access(resource, "create"));
    }
    if (!there && blocksItsOwnersDeletion(request.body())) {
      // The admission plugin OwnerReferencesPermissionEnforcement, where it is on.
      demanded.add(new Access("alambic.dev/distillationjobs/finalizers", "update"));
    }
    return demanded;
  }

  private static String resource(ApiPath path) {
    Matcher parts = RESOURCE.matcher(path.resource());
    if (!parts.matches()) {
      throw new IllegalArgumentException(path.resource());
    }
    String group = parts.group("group") == null ? "" : parts.group("group");
    return group + "/" + parts.group("plural") + (path.status() ? "/status" : "");
  }

  private static String verb(ApiRequest request, ApiPath path) {
    return switch (request.method()) {
      case "GET" -> request.watches() ? "watch" : path.name() == null ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      default -> request.method().toLowerCase(Locale.ROOT);
    };
  }

  private static boolean blocksItsOwnersDeletion(JsonNode body) {
    return body != null
        && body.at("/metadata/ownerReferences/0/blockOwnerDeletion").asBoolean(false);
  }

  /** As an API server says that it is refused. */
  String refusal() {
    int slash = resource.indexOf('/');
    return "%s is forbidden: User \"system:serviceaccount:alambic-system:alambic\" cannot %s"
            .formatted(resource.substring(slash + 1), verb)
        + " resource \"%s\" in API group \"%s\""
            .formatted(resource.substring(slash + 1), resource.substring(0, slash));
  }

  @Override
  public int compareTo(Access other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return resource + " " + verb;
  }
}
