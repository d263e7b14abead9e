package dev.alambic.main;

import ai.djl.ndarray.NDManager;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.checkpoint.TimedCheckpoints;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.failure.RunException;
import dev.alambic.feed.CorpusMaterial;
import dev.alambic.feed.Material;
import dev.alambic.feed.RolloutMaterial;
import dev.alambic.feed.SignalSource;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.model.StartingPoint;
import dev.alambic.model.TensorKeeper;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.Partition;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.progress.TimeSpent;
import dev.alambic.prompt.PromptForm;
import dev.alambic.prompt.Prompts;
import dev.alambic.run.Progress.State;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.tokenizer.SharedIds;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import dev.alambic.train.Trainer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What one trainer of a run does once the others are there: it reads what is learnt from, waits for
 * a teacher, and trains.
 *
 * @param start the weights to start from; null for random ones
 * @param rollouts takes the time in which the student answers
 * @param saving takes the time in which checkpoints are written
 */
record StudentTraining(
    RunSpec spec,
    StartingPoint start,
    ProgressBoard board,
    Collectives collectives,
    TimeSpent rollouts,
    TimeSpent saving,
    BooleanSupplier stopRequested) {

  /**
   * Trains to the end, and leaves the other trainers when that fails.
   *
   * @return Complete, or Suspended when asked to stop
   * @throws RunException when the run cannot go on
   */
  State run() {
    board.preparing("reading " + spec.data().path());
    Path folder = Path.of(spec.student().tokenizerPath());
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      SharedVocabulary.requireAgreement(folder, tokenizer);
      DecoderConfig student = spec.student().architecture();
      SharedVocabulary.requireRows(folder, tokenizer, "the student", student);
      SharedIds ids =
          new SharedIds(
              student.vocabulary().size(),
              start == null
                  ? Map.of()
                  : SharedVocabulary.differences(folder, start.folder(), tokenizer));
      return train(inTurn(() -> lessons(tokenizer)), tokenizer, ids);
    } catch (RunException e) {
      collectives.leave(e.getMessage());
      throw e;
    }
  }

  /** The trainer of rank 0 tokenises the first window, which the others then find. */
  private <T> T inTurn(Supplier<T> work) {
    boolean first = collectives.world().rank() == 0;
    if (!first) {
      collectives.barrier();
    }
    T done = work.get();
    if (first) {
      collectives.barrier();
    }
    return done;
  }

  /**
   * What is learnt from, once teacher and student are there. Text or prompts are read before a
   * teacher is waited for: what is wrong with them is reported first.
   */
  private BiFunction<SignalSource, Decoder, Material> lessons(Tokenizer tokenizer) {
    if (spec.rollout() == null) {
      Corpus corpus = Corpus.open(spec.data(), tokenizer, Packing.of(spec));
      return (teacher, student) -> new CorpusMaterial(spec, corpus, teacher, student, collectives);
    }
    PromptForm form =
        PromptForm.of(
            Path.of(spec.student().tokenizerPath()),
            start.folder(),
            tokenizer,
            spec.rollout().onPolicyFraction() < 1);
    int longest = spec.training().sequenceLength() - spec.rollout().maxNewTokens();
    Prompts prompts = Prompts.open(spec.data(), form, longest);
    return (teacher, student) ->
        new RolloutMaterial(spec, prompts, form.end(), teacher, student, rollouts, true);
  }

  private State train(
      BiFunction<SignalSource, Decoder, Material> lessons, Tokenizer tokenizer, SharedIds ids) {
    NDManager manager = Torch.newManager();
    Partition partition = Partition.of(spec.trainers().sharding(), collectives, manager);
    try (TeacherLink teacher = TeacherLink.open(spec, tokenizer, ids, board::waitingForTeacher);
        Decoder student = student(manager, partition)) {
      Material material = lessons.apply(teacher.signals(), student);
      StudentFingerprint fingerprint =
          StudentFingerprint.of(spec, digests(material, tokenizer, teacher));
      TimedCheckpoints checkpoints =
          new TimedCheckpoints(new Checkpoints(spec, fingerprint, collectives), saving);
      try (Trainer trainer =
          new Trainer(spec, student, partition, material, checkpoints, board, stopRequested)) {
        return trainer.run();
      }
    } catch (InterruptedException e) {
      return State.Suspended;
    }
  }

  /** Of what the run's paths lead to. A teacher behind a server shows no weights, only its name. */
  private Map<String, String> digests(Material material, Tokenizer tokenizer, TeacherLink teacher) {
    Map<String, String> digests = new TreeMap<>();
    digests.put("digest of the text", material.digest());
    digests.put("digest of the tokenizer", tokenizer.digest());
    if (start != null) {
      digests.put("digest of the weights to start from", ModelDigests.weights(start.folder()));
    }
    teacher
        .model()
        .ifPresent(
            model -> {
              digests.put("digest of the teacher's config", model.config());
              digests.put("digest of the teacher's weights", model.weights());
            });
    return digests;
  }

  private Decoder student(NDManager manager, TensorKeeper keeper) {
    DecoderConfig shape = spec.student().architecture();
    DecoderParameters parameters =
        start == null
            ? DecoderParameters.random(manager, shape, spec.training().numerics().seed(), keeper)
            : start.load(manager, keeper);
    return new Decoder(manager, shape, parameters, spec.training().numerics().precision());
  }
}
