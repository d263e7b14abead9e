package dev.alambic.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * A request that the fake API server received.
 *
 * @param at when, on a clock that only runs forward
 */
record ApiRequest(
    String method, String path, String query, String contentType, JsonNode body, Duration at) {

  /** Method and path, as in a log. */
  String line() {
    return method + " " + path;
  }

  boolean writes() {
    return !"GET".equals(method);
  }

  boolean watches() {
    return query.contains("watch=true");
  }
}
