package dev.alambic.teacher.openai;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.DecoderWeights;
import dev.alambic.model.ModelFolder;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Compares what a server says of a model's text with what the built-in teacher says of the same
 * model, for {@code e2e/openai}. Arguments: the model's folder, a text, the server's address. Ends
 * with 1 if they differ by more than float32 arithmetic and the record's 1/2048 nat explain.
 */
public final class ServerParityMain {
  private static final int SIZE = 64;
  private static final int TOKENS = 65;
  private static final int SEQUENCES = 32;
  private static final double TOLERANCE = 5e-3;

  private ServerParityMain() {}

  public static void main(String... args) throws Exception {
    Torch.start(1);
    Torch.prepareThread();
    Path folder = Path.of(args[0]);
    SignalSettings settings = new SignalSettings(SignalEncoding.TopK, SIZE, 0, 1);
    try (Tokenizer tokenizer = Tokenizer.load(folder);
        DecoderScorer ours = scorer(folder)) {
      List<int[]> sequences = sequences(tokenizer.encode(Files.readString(Path.of(args[1]))));
      TeacherRequirements wanted =
          new TeacherRequirements(
              args[2],
              null,
              ours.describe().fingerprint(settings).vocabularySize(),
              TOKENS,
              tokenizer.digest(),
              tokenizer::encode,
              settings);
      long start = System.nanoTime();
      List<Signal> theirs;
      try (OpenAiTeacher teacher =
          OpenAiTeacher.connect(
              wanted,
              ApiKey.of(System.getenv(RunSpec.TEACHER_API_KEY_VARIABLE)),
              RetryPolicy.DEFAULT)) {
        theirs = teacher.score(sequences).get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.exit(compare(ours.score(sequences, settings), theirs, seconds) ? 0 : 1);
    }
  }

  private static DecoderScorer scorer(Path folder) throws Exception {
    ModelFolder model = ModelFolder.read(folder);
    NDManager manager = Torch.newManager();
    DecoderParameters parameters =
        DecoderWeights.load(manager, model.decoder(), Precision.FP32, model.tensors());
    Decoder decoder = new Decoder(manager, model.decoder(), parameters, Precision.FP32);
    return new DecoderScorer(decoder, ModelDigests.of(folder));
  }

  private static List<int[]> sequences(int[] text) {
    SplittableRandom random = new SplittableRandom(1);
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      int from = random.nextInt(text.length - TOKENS);
      sequences.add(Arrays.copyOfRange(text, from, from + TOKENS));
    }
    return sequences;
  }

  private static boolean compare(List<Signal> ours, List<Signal> theirs, double seconds) {
    double most = 0;
    double sum = 0;
    long shared = 0;
    long positions = 0;
    double loss = 0;
    double label = 0;
    for (int s = 0; s < ours.size(); s++) {
      TopKSignal a = (TopKSignal) ours.get(s);
      TopKSignal b = (TopKSignal) theirs.get(s);
      for (int t = 0; t < a.positions(); t++) {
        positions++;
        loss -= b.labelLogProbability()[t];
        label = Math.max(label, Math.abs(a.labelLogProbability()[t] - b.labelLogProbability()[t]));
        for (int k = 0; k < SIZE; k++) {
          int at = Arrays.binarySearch(b.ids(), t * SIZE, (t + 1) * SIZE, a.ids()[t * SIZE + k]);
          if (at >= 0) {
            double ofA = Math.exp(a.logProbabilities()[t * (SIZE + 1) + k]);
            double ofB = Math.exp(b.logProbabilities()[t * (SIZE + 1) + at - t * SIZE]);
            most = Math.max(most, Math.abs(ofA - ofB));
            sum += Math.abs(ofA - ofB);
            shared++;
          }
        }
      }
    }
    boolean same = most < TOLERANCE && label < 2 * TOLERANCE && shared >= 0.99 * positions * SIZE;
    System.out.printf(
        Locale.ROOT,
        "%s: %d positions, %.2f %% of %d ids the same, probabilities differ by %.1e at most and %.1e"
            + " on average, the text's own log-probability by %.1e nats at most, teacher's loss %.3f;"
            + " the server answered in %.1f s%n",
        same ? "same" : "DIFFERENT",
        positions,
        100.0 * shared / positions / SIZE,
        SIZE,
        most,
        sum / shared,
        label,
        loss / positions,
        seconds);
    return same;
  }
}
