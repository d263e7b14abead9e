package dev.alambic.cli.scaling;

/**
 * What a GPU reaches.
 *
 * @param bf16 operations a second in BF16
 * @param fp32 operations a second in FP32
 * @param bytes a second through its memory
 */
record Speed(double bf16, double fp32, double bytes) {
  /** Of the peak that FP32 products reach: an assumption without a source. */
  static final double FP32_SHARE = 0.75;

  /** Of the memory's bandwidth that large transfers reach: Calculon's (SC 2023), for an A100. */
  static final double MEMORY_SHARE = 0.9;

  /**
   * Of a GPU of which BF16 products reach this share of the peak, everything small between them
   * included (norms, rotary positions, activations, launches).
   */
  static Speed of(Accelerator gpu, double utilization) {
    return new Speed(
        utilization * gpu.bf16(), FP32_SHARE * gpu.fp32(), MEMORY_SHARE * gpu.memoryBandwidth());
  }

  double seconds(Work work) {
    return work.bf16() / bf16 + work.fp32() / fp32 + work.bytes() / bytes;
  }
}
