package dev.alambic.operator.render;

/** What the operator's installation says of every job's children. */
public record Settings(Images images, Reachability reachability, PodSecurity podSecurity) {

  /** With the usual users and rights. */
  public Settings(Images images, Reachability reachability) {
    this(images, reachability, PodSecurity.USUAL);
  }
}
