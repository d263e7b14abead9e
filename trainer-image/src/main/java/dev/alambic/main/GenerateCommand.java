package dev.alambic.main;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.data.SharedVocabulary;
import dev.alambic.data.Tokenizer;
import dev.alambic.generate.Generated;
import dev.alambic.generate.Generation;
import dev.alambic.generate.Sampling;
import dev.alambic.generate.TextStream;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.torch.Torch;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on with a text, as it comes. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Go on with a text by a model; no chat template is applied")
final class GenerateCommand implements Callable<Integer> {
  private static final int USUAL = 128;

  @Parameters(index = "0", paramLabel = "MODEL_DIR", description = "A Hugging Face folder")
  private Path folder;

  @Parameters(index = "1", paramLabel = "PROMPT", description = "The text to go on with")
  private String prompt;

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

  @Option(names = "--greedy", description = "Take the likeliest token always")
  private boolean greedy;

  @Option(names = "--precision", description = "FP32 or BF16 (default: BF16 on a GPU, else FP32)")
  private Precision precision;

  @Option(names = "--threads", description = "CPU threads (default: all)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    Sampling sampling = greedy ? Sampling.GREEDY : new Sampling(temperature, topP, seed);
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      SharedVocabulary.requireAgreement(folder, tokenizer);
      ModelFolder model = ModelFolder.read(folder);
      Torch.start(threads);
      try (Decoder decoder = Decoder.frozen(Torch.newManager(), model, precision())) {
        int[] ids = tokenizer.encodeText(prompt);
        int room = decoder.config().contextLength() - ids.length;
        int most = maxNewTokens == null ? Math.max(1, Math.min(USUAL, room)) : maxNewTokens;
        generate(
            new Generation(decoder, sampling, most, SharedVocabulary.endTokens(folder, tokenizer)),
            tokenizer,
            ids);
      }
    }
    return 0;
  }

  private Precision precision() {
    if (precision != null) {
      return precision;
    }
    return Torch.hasGpu() ? Precision.BF16 : Precision.FP32;
  }

  private static void generate(Generation generation, Tokenizer tokenizer, int[] ids) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    TextStream text = new TextStream(tokenizer::decode, ids);
    long start = System.nanoTime();
    Generated generated =
        generation
            .run(
                List.of(ids),
                (sequence, token) -> {
                  if (!generation.end().contains(token)) {
                    out.print(text.add(token));
                    out.flush();
                  }
                })
            .get(0);
    out.println(text.end());
    double seconds = (System.nanoTime() - start) / 1e9;
    int count = generated.tokens().length;
    System.err.printf(
        "%d tokens in %.1f s, %.1f tokens/s%s%n",
        count, seconds, count / seconds, generated.ended() ? ", ended by itself" : "");
  }
}
