package dev.alambic.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.generate.Generation;
import dev.alambic.generate.Sampler;
import dev.alambic.generate.Sampling;
import dev.alambic.generate.TokenListener;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens per second of greedy generation, with a cache and by reading all again for each token. */
@Command(name = "generate-speed", description = "Tokens/s of generation, with and without a cache")
public final class GenerateSpeedCommand extends Benchmark {
  private static final Pace PACE = new Pace(1, 5, 1);

  @Parameters(paramLabel = "MODEL_DIR", description = "A Hugging Face folder")
  private Path folder;

  @Option(names = "--prompt-tokens", description = "Of each prompt")
  private int promptTokens = 16;

  @Option(names = "--new-tokens", description = "After it")
  private int newTokens = 100;

  @Option(names = "--batch", split = ",", description = "Prompts at once")
  private List<Integer> batches = List.of(1, 8);

  @Option(names = "--threads", description = "Of the engine")
  private int threads = 1;

  @Override
  protected String measure() {
    Torch.start(threads);
    MarkdownTable table =
        new MarkdownTable("batch | cached tokens/s %.0f | uncached tokens/s %.0f | ratio %.1f");
    try (Decoder decoder =
        Decoder.frozen(Torch.newManager(), ModelFolder.read(folder), Precision.FP32)) {
      int[] prompt =
          new Random(1).ints(promptTokens, 0, decoder.config().vocabulary().size()).toArray();
      for (int batch : batches) {
        List<int[]> prompts = Collections.nCopies(batch, prompt);
        double cached = Stopwatch.median(PACE, () -> cached(decoder, prompts));
        double uncached = Stopwatch.median(PACE, () -> uncached(decoder, prompts));
        long tokens = (long) batch * newTokens;
        table.row(batch, tokens / cached, tokens / uncached, uncached / cached);
      }
    }
    return table.text();
  }

  private void cached(Decoder decoder, List<int[]> prompts) {
    new Generation(decoder, Sampling.GREEDY, newTokens, Set.of()).run(prompts, TokenListener.NONE);
  }

  private void uncached(Decoder decoder, List<int[]> prompts) {
    List<int[]> texts =
        prompts.stream().map(prompt -> Arrays.copyOf(prompt, promptTokens + newTokens)).toList();
    int width = decoder.config().vocabulary().size();
    for (int length = promptTokens; length < promptTokens + newTokens; length++) {
      float[] logits = last(decoder, texts, length);
      for (int i = 0; i < texts.size(); i++) {
        float[] row = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
        texts.get(i)[length] = Sampler.choose(row, Sampling.GREEDY, 0).token();
      }
    }
  }

  /** The logits after each text: [batch x vocabulary]. */
  private static float[] last(Decoder decoder, List<int[]> texts, int length) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray hidden = decoder.hidden(scope, Decoder.ids(scope, texts, length));
      NDArray rows = hidden.get(new NDIndex(":, {}", length - 1));
      rows.attach(scope);
      return decoder.logits(scope, rows).toFloatArray();
    }
  }
}
