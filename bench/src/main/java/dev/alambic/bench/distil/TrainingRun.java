package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.distil.Run.SignalForm;
import dev.alambic.bench.recipe.LocalTeacher;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.bench.report.Provenance;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Signal;
import dev.alambic.signal.TopKSignal;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/** Carries a run out in this process, on one thread, with the trainer that the pods run. */
final class TrainingRun {
  private static final SignalForm DRAWS =
      new SignalForm(SignalEncoding.Sampled, Recipe.DRAWS, false);
  private static final long DRAWS_SEED = 11;

  /** A log-probability that is zero in float32 and yet finite. */
  private static final float NEVER = -100;

  private static final long CHECKPOINT_TOKENS = 1 << 20;

  private TrainingRun() {}

  /** A process of its own: takes a run as JSON and the work folder, and prints the result. */
  public static void main(String[] arguments) {
    try {
      Run run = ResultFile.parseRun(arguments[0]);
      System.out.println(ResultFile.line(carryOut(run, new WorkFolder(Path.of(arguments[1])))));
    } catch (RunException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(e.exitCode().code());
    }
    System.exit(0);
  }

  /** Trains from the newest checkpoint to the end, leaves the model, and returns its losses. */
  static Result carryOut(Run run, WorkFolder work) {
    Torch.start(1);
    RunSpec spec = spec(run, work);
    try (Tokenizer tokenizer = Tokenizer.load(work.tokenizer());
        LocalTeacher teacher = run.teacher() == null ? null : new LocalTeacher(spec)) {
      return train(run, spec, work.corpus(tokenizer), teacher);
    }
  }

  private static Result train(Run run, RunSpec spec, Corpus corpus, LocalTeacher teacher) {
    boolean renormalised = run.said() != null && run.said().renormalised();
    SignalSource said =
        renormalised
            ? sequences -> teacher.score(sequences).thenApply(TrainingRun::renormalised)
            : teacher;
    try (Decoder model = Recipe.random(spec)) {
      Progress end =
          Recipe.train(spec, model, new CorpusMaterial(spec, corpus, said, model), () -> false);
      Progress.CurvePoint last = end.learning().curve().get(end.learning().curve().size() - 1);
      return new Result(
          run,
          corpus.digest(),
          Provenance.commit(),
          last.crossEntropy(),
          last.divergence(),
          last.teacherCrossEntropy(),
          end.speed().tokensPerSecond() == null ? 0 : end.speed().tokensPerSecond(),
          teacher == null ? null : teacher.bytesPerToken(some(corpus.heldOut())),
          Confidence.of(model, corpus.heldOut()));
    }
  }

  private static List<int[]> some(PackedSequences sequences) {
    return LongStream.range(0, Math.min(32, sequences.count()))
        .mapToObj(sequences::sequence)
        .toList();
  }

  private static RunSpec spec(Run run, WorkFolder work) {
    long steps = run.tokens() / Models.STEP;
    RunSpec.Training training =
        Recipe.training(
            Models.SEQUENCE, Models.BATCH, Models.BATCH, steps, run.learningRate(), run.seed());
    RunSpec spec =
        Recipe.run(
            run.name(),
            work.of(run),
            Models.shape(run.model()),
            work.tokenizer(),
            work.data(),
            training);
    return spec.withSignal(signal(run))
        .withCheckpoint(spec.checkpoint().withEveryTokens(CHECKPOINT_TOKENS))
        .withTeacher(
            run.teacher() == null
                ? null
                : Recipe.teacher(work.model(run.teacher()), Models.SEQUENCE));
  }

  private static RunSpec.Signal signal(Run run) {
    SignalForm said = run.said() == null ? DRAWS : run.said();
    int size = said.encoding() == SignalEncoding.Dense ? Models.VOCABULARY : said.size();
    return new RunSpec.Signal(said.encoding(), size, DRAWS_SEED, null);
  }

  private static List<Signal> renormalised(List<Signal> signals) {
    return signals.stream().map(signal -> (Signal) renormalised((TopKSignal) signal)).toList();
  }

  /** TopK without its bucket for all other ids: the rest is made to sum to one. */
  static TopKSignal renormalised(TopKSignal signal) {
    int size = signal.size();
    int positions = signal.labelLogProbability().length;
    float[] values = signal.logProbabilities().clone();
    float[] entropy = new float[positions];
    for (int t = 0; t < positions; t++) {
      int from = t * (size + 1);
      double sum = 0;
      for (int k = 0; k < size; k++) {
        sum += Math.exp(values[from + k]);
      }
      double plogp = 0;
      for (int k = 0; k < size; k++) {
        values[from + k] -= (float) Math.log(sum);
        plogp += Math.exp(values[from + k]) * values[from + k];
      }
      values[from + size] = NEVER;
      entropy[t] = (float) -plogp;
    }
    return new TopKSignal(size, signal.labelLogProbability(), entropy, signal.ids(), values);
  }
}
