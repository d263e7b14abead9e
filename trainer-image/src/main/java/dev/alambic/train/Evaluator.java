package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.data.Corpus;
import dev.alambic.data.PackedSequences;
import dev.alambic.model.Decoder;
import dev.alambic.run.ExitCode;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Signal;
import java.util.ArrayList;
import java.util.List;

/** Scores a student on a fixed held-out set: always the same sequences, the same draws. */
final class Evaluator implements AutoCloseable {
  private final List<Example> heldOut;
  private final int microBatch;
  private final Decoder decoder;
  private final Objective objective;
  private final Double teacherCrossEntropy;

  private Evaluator(List<Example> heldOut, int microBatch, Decoder decoder, double temperature) {
    this.heldOut = heldOut;
    this.microBatch = microBatch;
    this.decoder = decoder;
    this.objective =
        new Objective(decoder, new RunSpec.Objective(Divergence.ForwardKL, temperature, 0, 0.5));
    this.teacherCrossEntropy = teacherCrossEntropy(heldOut);
  }

  /**
   * An evaluator over at most {@code spec.evaluation().sequences()} held-out sequences, evenly
   * spread; the teacher is asked once.
   *
   * @throws RunException when the teacher's own loss is no better than that of a {@link Unigram}
   * @throws InterruptedException when the run is asked to stop while waiting for the teacher
   */
  static Evaluator prepare(RunSpec spec, Corpus corpus, SignalSource teacher, Decoder decoder)
      throws InterruptedException {
    PackedSequences sequences = corpus.heldOut();
    int count = (int) Math.min(sequences.count(), spec.evaluation().sequences());
    List<int[]> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tokens.add(sequences.sequence(i * sequences.count() / count));
    }
    List<Signal> signals = teacher == null ? null : BatchFeed.await(teacher.score(tokens));
    Evaluator evaluator =
        new Evaluator(
            BatchFeed.examples(tokens, signals),
            spec.training().microBatchSequences(),
            decoder,
            spec.objective().temperature());
    if (signals != null) {
      Unigram unigram = Unigram.of(corpus.train(), decoder.config().vocabularySize());
      refuseBrokenTeacher(spec.teacher(), evaluator.teacherCrossEntropy, unigram.loss(tokens));
    }
    return evaluator;
  }

  /** All zero, of other weights or of another tokenizer: whatever it is, it knows no text. */
  private static void refuseBrokenTeacher(RunSpec.Teacher teacher, double loss, double unigram) {
    if (!(loss < unigram)) {
      throw new RunException(
          ExitCode.DATA,
          String.format(
              "teacher %s: its loss on the held-out text is %.3f nats per token, no better than"
                  + " that of counting words (%.3f): check that its weights and tokenizer belong"
                  + " together and that it knows such text",
              teacher.modelPath(), loss, unigram));
    }
  }

  private static Double teacherCrossEntropy(List<Example> examples) {
    double sum = 0;
    long positions = 0;
    for (Example example : examples) {
      if (example.signal() == null) {
        return null;
      }
      for (float logProbability : example.signal().labelLogProbability()) {
        sum -= logProbability;
        positions++;
      }
    }
    return sum / positions;
  }

  /**
   * Scores the student as it is.
   *
   * @param tokens trained on so far
   */
  CurvePoint evaluate(long tokens, boolean constantRate) {
    LossSums sums = LossSums.ZERO;
    for (int from = 0; from < heldOut.size(); from += microBatch) {
      sums = sums.plus(score(heldOut.subList(from, Math.min(heldOut.size(), from + microBatch))));
    }
    return new CurvePoint(
        tokens,
        sums.meanCrossEntropy(),
        teacherCrossEntropy == null ? null : sums.meanDivergence(),
        teacherCrossEntropy,
        constantRate);
  }

  private LossSums score(List<Example> examples) {
    int time = examples.get(0).tokens().length - 1;
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, examples.stream().map(Example::tokens).toList(), time);
      return objective.evaluate(scope, decoder.hidden(scope, ids), new Targets(examples, time));
    }
  }

  @Override
  public void close() {
    objective.close();
  }
}
