package dev.alambic.operator.render;

/** What a child belongs to. */
public enum Role {
  Teacher("teacher"),
  Trainer("trainer"),
  /** A teacher that fills the signal cache. */
  Fill("fill");

  private final String component;

  Role(String component) {
    this.component = component;
  }

  /** The value of {@code app.kubernetes.io/component}, and the name of the pods' container. */
  public String component() {
    return component;
  }
}
