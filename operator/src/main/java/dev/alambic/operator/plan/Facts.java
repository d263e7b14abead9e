package dev.alambic.operator.plan;

/**
 * What is known of the world when a job is planned.
 *
 * @param teacher what is known of the teacher
 * @param trainer the machine that trains
 */
public record Facts(Teacher teacher, Device trainer) {

  /** Nothing is known of the teacher beyond what the spec says. */
  public static Facts of(Device trainer) {
    return new Facts(new Teacher(null, null, null), trainer);
  }

  /**
   * What the teacher's own {@code config.json} says; null where it has not been read.
   *
   * @param parameters all parameters
   * @param vocabularySize rows of its embedding
   * @param contextLength longest sequence, in tokens
   */
  public record Teacher(Long parameters, Integer vocabularySize, Integer contextLength) {}
}
