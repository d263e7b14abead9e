package dev.alambic.cli.scaling;

/**
 * The peak performance of one GPU, from its datasheet.
 *
 * @param bf16 operations a second on its tensor cores, dense
 * @param fp32 operations a second of single-precision products, which are not done on tensor cores
 * @param memoryBytes its own memory
 * @param memoryBandwidth bytes a second between its memory and its cores
 */
public record Accelerator(
    String name, double bf16, double fp32, long memoryBytes, double memoryBandwidth) {

  /** NVIDIA's H100 SXM5, by its datasheet. */
  public static final Accelerator H100 =
      new Accelerator("H100 SXM", 989e12, 67e12, 80_000_000_000L, 3.35e12);

  /** The same, with another BF16 peak. */
  public Accelerator withBf16(double flops) {
    return new Accelerator(name, flops, fp32, memoryBytes, memoryBandwidth);
  }
}
