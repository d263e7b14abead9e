package dev.alambic.bench.distil;

import ai.djl.ndarray.NDManager;
import dev.alambic.bench.report.Provenance;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Carries a run out in this process, on one thread, with the trainer that the pods run. */
final class TrainingRun {
  private TrainingRun() {}

  /** Trains from the newest checkpoint to the end, leaves the model, and returns its losses. */
  static Result carryOut(Run run, WorkFolder work) {
    Torch.start(1);
    RunSpec spec = RunSpecs.of(run, work);
    try (Tokenizer tokenizer = Tokenizer.load(work.tokenizer())) {
      Corpus corpus = work.corpus(tokenizer);
      return train(run, spec, corpus);
    }
  }

  private static Result train(Run run, RunSpec spec, Corpus corpus) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    boolean renormalised = run.said() != null && run.said().renormalised();
    try (LocalTeacher teacher = LocalTeacher.of(spec, renormalised);
        Decoder model = random(spec);
        Trainer trainer =
            new Trainer(
                spec,
                model,
                new CorpusMaterial(spec, corpus, teacher, model),
                new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", corpus.digest()))),
                board,
                () -> false)) {
      board.ended(trainer.run(), null);
      Double bytes = teacher == null ? null : teacher.bytesPerToken(some(corpus.heldOut()));
      Confidence confidence = Confidence.of(model, corpus.heldOut());
      return result(run, corpus, board.latest(), bytes, confidence);
    }
  }

  private static List<int[]> some(PackedSequences sequences) {
    return LongStream.range(0, Math.min(32, sequences.count()))
        .mapToObj(sequences::sequence)
        .toList();
  }

  private static Decoder random(RunSpec spec) {
    DecoderConfig shape = spec.student().architecture();
    NDManager manager = Torch.newManager();
    return new Decoder(
        manager,
        shape,
        DecoderParameters.random(manager, shape, spec.training().numerics().seed()),
        spec.training().numerics().precision());
  }

  private static Result result(
      Run run, Corpus corpus, Progress end, Double bytesPerToken, Confidence confidence) {
    Progress.CurvePoint last = end.learning().curve().get(end.learning().curve().size() - 1);
    return new Result(
        run,
        corpus.digest(),
        Provenance.commit(),
        last.crossEntropy(),
        last.divergence(),
        last.teacherCrossEntropy(),
        end.speed().tokensPerSecond() == null ? 0 : end.speed().tokensPerSecond(),
        bytesPerToken,
        confidence);
  }
}
