package dev.alambic.api.v1alpha1;

/** How documents are stored. */
public enum DataFormat {
  /** Every file is text. */
  Text,
  /** One JSON object a line; the document is in {@code textField}, or it is a prompt. */
  JSONLines
}
