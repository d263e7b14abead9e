package dev.alambic.api.v1alpha1;

/** What becomes of a line of JSON lines that is neither a document nor a prompt. */
public enum OnBadRecord {
  /** It ends the run, with file and line. */
  Fail,
  /** It is skipped and counted, unless most are such. */
  Skip
}
