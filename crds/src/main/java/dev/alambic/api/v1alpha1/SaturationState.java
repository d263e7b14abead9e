package dev.alambic.api.v1alpha1;

/** What is known of the student's saturation. */
public enum SaturationState {
  /** Too few evaluations. */
  Unknown,
  /** More tokens still help. */
  Improving,
  /** The estimated saturation point is within twice the tokens so far. */
  NearSaturation,
  /** More tokens bring less than the threshold. */
  Saturated,
  /** The evaluation's noise is too large for the threshold. */
  Indeterminate,
  /** The validation loss rises. */
  Regressing,
  /** The gap to the teacher is gone: a better teacher would help, tokens will not. */
  TeacherBound
}
