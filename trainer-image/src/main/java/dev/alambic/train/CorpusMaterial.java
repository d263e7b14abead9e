package dev.alambic.train;

import dev.alambic.data.Corpus;
import dev.alambic.model.Decoder;
import dev.alambic.parallel.Alone;
import dev.alambic.parallel.Collectives;
import dev.alambic.run.RunSpec;

/**
 * Text, of which the teacher says what it would have said.
 *
 * @param teacher or null: then the student learns from the text's own tokens
 * @param collectives of the trainers that share it
 */
public record CorpusMaterial(
    RunSpec spec, Corpus corpus, SignalSource teacher, Decoder student, Collectives collectives)
    implements Material {
  private static final int BATCHES_AHEAD = 3;

  /** Text for a trainer that is alone. */
  public CorpusMaterial(RunSpec spec, Corpus corpus, SignalSource teacher, Decoder student) {
    this(spec, corpus, teacher, student, new Alone());
  }

  @Override
  public String digest() {
    return corpus.digest();
  }

  @Override
  public BatchSource batches(RunState state) {
    RunSpec.Training training = spec.training();
    return new BatchFeed(
        RunSequences.order(spec, corpus),
        teacher,
        training.batchSequences(),
        collectives.world(),
        BATCHES_AHEAD,
        state.step(),
        training.steps());
  }

  @Override
  public Evaluation evaluation() throws InterruptedException {
    return Evaluator.prepare(spec, corpus, teacher, student, collectives);
  }
}
