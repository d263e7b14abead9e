package dev.alambic.operator.kueue;

/** Which pods of a job are asked for at once. */
public enum PodSets {
  /** A teacher that answers while the student trains. */
  TeacherAndTrainer,
  /** The student trains, and no teacher of ours is asked. */
  Trainer,
  /** Teachers fill the signal cache; the trainer's turn comes after. */
  Fill
}
