package dev.alambic.api.v1alpha1;

/** From where a volume can be mounted. */
public enum AccessMode {
  /** By the pods of one node. */
  ReadWriteOnce,
  /** By the pods of any nodes. */
  ReadWriteMany
}
