package dev.alambic.feed;

import dev.alambic.corpus.Corpus;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.model.Decoder;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.run.RunSpec;
import dev.alambic.run.SignalSize;
import dev.alambic.step.RunState;

/**
 * Text with the teacher's signals.
 *
 * @param teacher or null: then the student learns from the text's own tokens
 * @param collectives of the trainers that share it
 */
public record CorpusMaterial(
    RunSpec spec, Corpus corpus, SignalSource teacher, Decoder student, Collectives collectives)
    implements Material {
  private static final int MOST_BATCHES_AHEAD = 3;

  /** Of the heap, for signals: the rest is for those that are being read, and for all else. */
  private static final double SIGNALS_SHARE = 0.6;

  /** Text for a trainer that is alone. */
  public CorpusMaterial(RunSpec spec, Corpus corpus, SignalSource teacher, Decoder student) {
    this(spec, corpus, teacher, student, new SingleProcess());
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
        teacher == null ? 0 : batchesAhead(Runtime.getRuntime().maxMemory()),
        state.step(),
        training.steps());
  }

  @Override
  public Evaluation evaluation() throws InterruptedException {
    return Evaluator.prepare(spec, corpus, teacher, student, collectives);
  }

  /**
   * Batches that the teacher is asked for ahead of the one in use, as many as the JVM's heap holds:
   * 0 to 3.
   *
   * @param heap bytes that it may grow to
   * @throws RunException USAGE if not even one batch has room
   */
  int batchesAhead(long heap) {
    RunSpec.Training training = spec.training();
    int trainers = collectives.world().size();
    SignalSize size = SignalSize.of(spec.signal(), student.config().vocabulary().size());
    long batch = size.heapBytes(training.batchTokens() / trainers);
    long sequences = Math.min(spec.evaluation().sequences(), corpus.heldOut().count());
    long heldOut = size.heapBytes(sequences * training.sequenceLength() / trainers);
    long batches = (long) (SIGNALS_SHARE * heap - heldOut) / batch;
    if (batches < 1) {
      throw new RunException(
          ExitCode.USAGE,
          ("training.batchTokens: the teacher's signals for one batch take up to %d bytes of a"
                  + " trainer's heap, and of the held-out text %d, and the heap has %d: give the"
                  + " trainer twice as much memory as these, or take smaller batches, more"
                  + " trainers, or fewer draws or ids of each token")
              .formatted(batch, heldOut, heap));
    }
    return (int) Math.min(MOST_BATCHES_AHEAD, batches - 1);
  }
}
