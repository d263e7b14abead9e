package dev.alambic.operator.controller;

/**
 * An answer other than a good one.
 *
 * @param code HTTP status; {@link #RESET} closes the connection without an answer
 */
record ApiFailure(int code, String message) {
  static final int RESET = 0;

  String json() {
    return """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "%s"}"""
        .formatted(code, message.replace("\"", "\\\""));
  }
}
