package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.BatchStatus;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.decoder.DecoderConfig;

/**
 * What is known of the world when a job is planned.
 *
 * @param teacher what is known of the teacher
 * @param start the shape of the weights that the student starts from; null if there are none, or
 *     they have not been read
 * @param trainer the machine that trains
 * @param batch what was planned when the job was first looked at; null if it is new
 */
public record Facts(Teacher teacher, DecoderConfig start, Device trainer, BatchStatus batch) {

  /** Nothing is known about the models beyond the spec. */
  public static Facts of(Device trainer) {
    return of(new Teacher(null, null, null), trainer);
  }

  /** The teacher has been read, and no weights to start from. */
  public static Facts of(Teacher teacher, Device trainer) {
    return new Facts(teacher, null, trainer, null);
  }

  /** The same, of a job with this status, or null. */
  public Facts after(DistillationJobStatus before) {
    return before == null ? this : new Facts(teacher, start, trainer, before.batch());
  }

  /**
   * From the teacher's own {@code config.json}; null where it has not been read.
   *
   * @param parameters all parameters
   * @param vocabularySize rows of its embedding
   * @param contextLength longest sequence, in tokens
   */
  public record Teacher(Long parameters, Integer vocabularySize, Integer contextLength) {}
}
