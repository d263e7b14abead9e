package dev.alambic.operator.render;

/** The installation's settings for every job's children. */
public record Settings(Images images, Reachability reachability, PodSecurity podSecurity) {

  /** With the usual users and rights. */
  public Settings(Images images, Reachability reachability) {
    this(images, reachability, PodSecurity.USUAL);
  }
}
