package dev.alambic.main;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.generate.Sampling;
import dev.alambic.torch.Torch;
import picocli.CommandLine.Option;

/** How a model on this machine continues a text. */
final class SamplingOptions {
  private static final int USUAL = 128;

  @Option(
      names = "--max-new-tokens",
      description = "(default: 128, or as many as the model's context has room for)")
  private Integer maxNewTokens;

  @Option(names = "--temperature", description = "0 is greedy (default: ${DEFAULT-VALUE})")
  private double temperature = 1;

  @Option(
      names = "--top-p",
      description = "Draw from the likeliest tokens of this share (default: ${DEFAULT-VALUE})")
  private double topP = 1;

  @Option(names = "--seed", description = "Of the draws (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--greedy", description = "Always take the likeliest token")
  private boolean greedy;

  @Option(names = "--precision", description = "FP32 or BF16 (default: BF16 on a GPU, else FP32)")
  private Precision precision;

  @Option(names = "--threads", description = "CPU threads (default: all)")
  private int threads = Runtime.getRuntime().availableProcessors();

  Sampling sampling() {
    return greedy ? Sampling.GREEDY : new Sampling(temperature, topP, seed);
  }

  /** Starts the engine; before {@link #precision}. */
  void start() {
    Torch.start(threads);
  }

  Precision precision() {
    if (precision != null) {
      return precision;
    }
    return Torch.hasGpu() ? Precision.BF16 : Precision.FP32;
  }

  /**
   * Most new tokens.
   *
   * @param room tokens that the context has left after the prompt
   */
  int maxNewTokens(int room) {
    return maxNewTokens == null ? Math.max(1, Math.min(USUAL, room)) : maxNewTokens;
  }
}
