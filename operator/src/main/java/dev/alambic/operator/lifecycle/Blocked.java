package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;

/**
 * What a refusal of the API server holds up: the teacher while none answers, and what fills the
 * signal cache if it is not there; else the trainer that is not there. Never what runs.
 *
 * @param teacher why no teacher can answer; null if not for a refusal
 * @param fill why the cache cannot be filled; null if not for a refusal
 * @param trainer why the trainer cannot start; null if not for a refusal
 */
record Blocked(Problem teacher, Problem fill, Problem trainer) {
  static final Blocked NOTHING = new Blocked(null, null, null);

  /**
   * What is held up; nothing where the teacher can never work anyway.
   *
   * @param refusal null if nothing was refused
   */
  static Blocked by(Problem refusal, ObservedState observed) {
    Teacher teacher = observed.teacher();
    if (refusal == null || (teacher.problem() != null && teacher.problem().fatal())) {
      return NOTHING;
    }
    if (teacher.readyReplicas() == 0) {
      boolean fills = observed.fill().work().state() == WorkState.Absent;
      return new Blocked(refusal, fills ? refusal : null, null);
    }
    boolean starts = observed.trainer().state() == WorkState.Absent;
    return starts ? new Blocked(null, null, refusal) : NOTHING;
  }

  /** Why no teacher answers, as refused or as observed; null if it is only starting. */
  Problem ofTeacher(ObservedState observed) {
    return teacher == null ? observed.teacher().problem() : teacher;
  }
}
