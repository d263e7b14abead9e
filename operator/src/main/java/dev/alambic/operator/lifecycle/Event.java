package dev.alambic.operator.lifecycle;

/**
 * Something that happened to a job, for its event stream.
 *
 * @param reason stable CamelCase
 * @param message one line for people
 */
public record Event(Type type, String reason, String message) {

  /** Kubernetes' two event types. */
  public enum Type {
    Normal,
    Warning
  }
}
