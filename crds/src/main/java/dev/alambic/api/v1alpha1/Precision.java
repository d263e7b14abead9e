package dev.alambic.api.v1alpha1;

/** The number format of the forward and backward pass; master weights are always fp32. */
public enum Precision {
  BF16,
  FP32
}
