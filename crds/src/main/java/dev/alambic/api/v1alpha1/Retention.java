package dev.alambic.api.v1alpha1;

/** What happens to the volume when the job is deleted. */
public enum Retention {
  Retain,
  Delete
}
