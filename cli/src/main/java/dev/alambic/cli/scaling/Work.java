package dev.alambic.cli.scaling;

/**
 * What a GPU has to do, by what limits it. The kinds are not done at the same time: kernels follow
 * each other.
 *
 * @param bf16 operations of matrix products in BF16
 * @param fp32 operations of matrix products in FP32
 * @param bytes through its memory, by kernels that wait for nothing else
 */
record Work(double bf16, double fp32, double bytes) {
  static final Work NONE = new Work(0, 0, 0);

  static Work ofBf16(double operations) {
    return new Work(operations, 0, 0);
  }

  static Work ofFp32(double operations) {
    return new Work(0, operations, 0);
  }

  static Work ofBytes(double bytes) {
    return new Work(0, 0, bytes);
  }

  Work plus(Work other) {
    return new Work(bf16 + other.bf16, fp32 + other.fp32, bytes + other.bytes);
  }

  Work times(double factor) {
    return new Work(factor * bf16, factor * fp32, factor * bytes);
  }
}
