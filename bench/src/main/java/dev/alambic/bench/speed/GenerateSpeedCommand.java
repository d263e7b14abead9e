package dev.alambic.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Provenance;
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
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens per second of greedy generation, with a cache and by reading all again for each token. */
@Command(
    name = "generate-speed",
    mixinStandardHelpOptions = true,
    description = "Tokens/s of generation, with and without a cache")
public final class GenerateSpeedCommand implements Callable<Integer> {
  private static final Pace PACE = new Pace(1, 5, 1);

  @Parameters(paramLabel = "MODEL_DIR", description = "A Hugging Face folder")
  private Path folder;

  @Option(names = "--prompt-tokens", description = "(default: ${DEFAULT-VALUE})")
  private int promptTokens = 16;

  @Option(names = "--new-tokens", description = "(default: ${DEFAULT-VALUE})")
  private int newTokens = 100;

  @Option(names = "--batch", split = ",", description = "(default: ${DEFAULT-VALUE})")
  private List<Integer> batches = List.of(1, 8);

  @Option(names = "--threads", description = "(default: ${DEFAULT-VALUE})")
  private int threads = 1;

  @Override
  public Integer call() {
    Torch.start(threads);
    MarkdownTable table =
        new MarkdownTable("batch", "cached tokens/s", "uncached tokens/s", "ratio");
    try (Decoder decoder =
        Decoder.frozen(Torch.newManager(), ModelFolder.read(folder), Precision.FP32)) {
      int[] prompt =
          new Random(1).ints(promptTokens, 0, decoder.config().vocabulary().size()).toArray();
      for (int batch : batches) {
        List<int[]> prompts = Collections.nCopies(batch, prompt);
        double cached = Stopwatch.median(PACE, () -> cached(decoder, prompts));
        double uncached = Stopwatch.median(PACE, () -> uncached(decoder, prompts));
        long tokens = (long) batch * newTokens;
        table.row(
            Integer.toString(batch),
            String.format(Locale.ROOT, "%.0f", tokens / cached),
            String.format(Locale.ROOT, "%.0f", tokens / uncached),
            String.format(Locale.ROOT, "%.1f", uncached / cached));
      }
    }
    System.out.println(
        Provenance.now(
                "bench/run generate-speed MODEL_DIR --prompt-tokens %d --new-tokens %d --threads %d"
                    .formatted(promptTokens, newTokens, threads))
            .text());
    System.out.print(table.text());
    return 0;
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
