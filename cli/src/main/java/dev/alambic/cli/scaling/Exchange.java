package dev.alambic.cli.scaling;

/**
 * In how many bytes a number travels.
 *
 * @param parameter gathered
 * @param gradient summed
 */
record Exchange(int parameter, int gradient) {
  /** As Alambic's trainer does: the master weights themselves. */
  static final Exchange FP32 = new Exchange(4, 4);

  /** As FSDP does with mixed precision (arXiv 2304.11277): cast before they are gathered. */
  static final Exchange BF16_PARAMETERS = new Exchange(2, 4);
}
