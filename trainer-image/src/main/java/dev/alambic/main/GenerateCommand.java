package dev.alambic.main;

import dev.alambic.generate.Generated;
import dev.alambic.generate.Generation;
import dev.alambic.generate.Sampling;
import dev.alambic.generate.TextStream;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Continues a text and prints it as it comes. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = "Continue a text with a model; no chat template is applied")
final class GenerateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL_DIR", description = "A Hugging Face folder")
  private Path folder;

  @Parameters(index = "1", paramLabel = "PROMPT", description = "The text to continue")
  private String prompt;

  @Mixin private SamplingOptions options;

  @Override
  public Integer call() {
    Sampling sampling = options.sampling();
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      SharedVocabulary.requireAgreement(folder, tokenizer);
      ModelFolder model = ModelFolder.read(folder);
      options.start();
      try (Decoder decoder = Decoder.frozen(Torch.newManager(), model, options.precision())) {
        int[] ids = tokenizer.encodeText(prompt);
        int room = decoder.config().positions().contextLength() - ids.length;
        int most = options.maxNewTokens(room);
        generate(
            new Generation(decoder, sampling, most, SharedVocabulary.endTokens(folder, tokenizer)),
            tokenizer,
            ids);
      }
    }
    return 0;
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
