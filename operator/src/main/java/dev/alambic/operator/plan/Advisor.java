package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Compares a plan with what is known. */
final class Advisor {
  /** Chinchilla's compute-optimal ratio (arXiv 2203.15556); a student can take far more. */
  private static final double TOKENS_PER_PARAMETER = 20;

  /** How far beyond the expected saturation a budget may be before it is worth a word. */
  private static final double MARGIN = 1.1;

  private static final int SHORT_SEQUENCE = 64;
  private static final int LONG_SEQUENCE = 131_072;
  private static final long LONG_BUDGET = 1_000_000_000;
  private static final long LARGE_SIGNAL_BYTES = 65_536;

  private final DistillationJobSpec spec;
  private final Facts facts;
  private final TeacherModel teacher;
  private final DecoderConfig shape;
  private final RunSpec.Training training;
  private final List<Advice> advice = new ArrayList<>();

  Advisor(
      DistillationJobSpec spec,
      Facts facts,
      TeacherModel teacher,
      DecoderConfig shape,
      RunSpec.Training training) {
    this.spec = spec;
    this.facts = facts;
    this.teacher = teacher;
    this.shape = shape;
    this.training = training;
  }

  List<Advice> advise(RunSpec.Signal signal, MicroBatch micro) {
    budgetAgainstSaturation();
    budgetAgainstParameters();
    studentAgainstTeacher();
    sizeAgainstShape();
    shape();
    vocabulary();
    memory(micro, facts.trainer());
    sequenceLength();
    batchAgainstBudget();
    heldOut();
    signal(signal);
    cosine();
    shardedAlone();
    return List.copyOf(advice);
  }

  private void advise(boolean holds, Advice.Code code, String message) {
    if (holds) {
      advice.add(new Advice(code, message));
    }
  }

  private void budgetAgainstSaturation() {
    long expected = SaturationPoints.expectedTokens(asked());
    SizeRule rule = SizeRule.of(asked());
    advise(
        training.tokenBudget() > MARGIN * expected,
        Advice.Code.BudgetBeyondSaturation,
        "a "
            + Count.format(asked())
            + " student is expected to saturate near "
            + Count.format(expected)
            + " tokens (by "
            + SaturationPoints.SOURCE
            + "), and near "
            + Count.format(rule.estimate())
            + ", "
            + Count.format(rule.low())
            + " to "
            + Count.format(rule.high())
            + ", by "
            + SizeRule.SOURCE
            + "; of the budget of "
            + Count.format(training.tokenBudget())
            + " the rest may bring little");
  }

  private long asked() {
    String size = spec.student().size();
    return size == null ? shape.parameters() : Count.parse(size);
  }

  private void budgetAgainstParameters() {
    double ratio = (double) training.tokenBudget() / shape.parameters();
    advise(
        ratio < TOKENS_PER_PARAMETER,
        Advice.Code.FewTokensPerParameter,
        String.format(
            Locale.ROOT,
            "the budget is %.2g tokens per parameter; under about 20 (arXiv 2203.15556) a smaller"
                + " student would learn as much from it",
            ratio));
  }

  private void studentAgainstTeacher() {
    advise(
        teacher.parameters() != null && shape.parameters() >= teacher.parameters(),
        Advice.Code.StudentNotSmaller,
        "the student ("
            + Count.format(shape.parameters())
            + " parameters) is not smaller than its teacher ("
            + (teacher.parameters() == null ? "" : Count.format(teacher.parameters()))
            + ")");
  }

  private void sizeAgainstShape() {
    double off = Math.abs((double) shape.parameters() / asked() - 1);
    advise(
        off > ShapeSearch.TOLERANCE,
        Advice.Code.SizeDiffers,
        "the student has "
            + Count.format(shape.parameters())
            + " parameters, not "
            + spec.student().size()
            + ": "
            + whereShapeIsFrom());
  }

  private String whereShapeIsFrom() {
    if (facts.start() != null) {
      return "that is what spec.student.initFrom has";
    }
    return spec.student().architecture() == null
        ? "it is Gemma 2's shape of that name with a vocabulary of " + shape.vocabulary().size()
        : "that is what spec.student.architecture gives";
  }

  private void shape() {
    advise(
        spec.student().initFrom() != null && facts.start() == null,
        Advice.Code.ShapeAssumed,
        "the student has the shape of spec.student.initFrom, which the trainer reads when it"
            + " starts; until then memory and batches are planned for "
            + Count.format(shape.parameters())
            + " parameters");
  }

  private void vocabulary() {
    advise(
        !teacher.vocabularyKnown(),
        Advice.Code.VocabularyAssumed,
        "the teacher's vocabulary is not known and taken as Gemma 2's "
            + teacher.vocabularySize()
            + "; set spec.teacher.vocabularySize if it is another");
  }

  private void memory(MicroBatch micro, Device device) {
    advise(
        !micro.fits(),
        Advice.Code.MemoryExceeded,
        "one sequence at a time with recomputation takes about "
            + Count.format(micro.memory().on(device))
            + " bytes on each trainer; "
            + (device.memoryBytes() == null
                ? "an 80 GB GPU does not hold that"
                : "the device has " + Count.format(device.memoryBytes()))
            + "; shorten spec.training.sequenceLength or take a smaller student"
            + sharing());
  }

  private String sharing() {
    if (Rollouts.has(spec)) {
      return "";
    }
    return Trainers.of(spec).sharding() == Sharding.Full
        ? ", or share it among more spec.trainer.replicas"
        : ", or share it: spec.trainer.sharding Full, and several spec.trainer.replicas";
  }

  private void sequenceLength() {
    int length = training.sequenceLength();
    advise(
        length < SHORT_SEQUENCE || length > LONG_SEQUENCE,
        Advice.Code.SequenceLengthUnusual,
        "sequences of "
            + length
            + " tokens are unusual; language models are trained on some hundreds to some"
            + " thousands");
  }

  private void batchAgainstBudget() {
    advise(
        training.batchTokens() > training.tokenBudget(),
        Advice.Code.BatchOverBudget,
        "one batch of "
            + Count.format(training.batchTokens())
            + " tokens is more than the budget of "
            + Count.format(training.tokenBudget())
            + ": the run is a single step");
  }

  private void heldOut() {
    advise(
        spec.data().validationUri() == null && training.tokenBudget() >= LONG_BUDGET,
        Advice.Code.HeldOutFromCorpus,
        "a fixed twentieth of the corpus is held out, because spec.data.validationUri is not set;"
            + " near-duplicates across the split make saturation look later than it is");
  }

  private void cosine() {
    boolean stop =
        spec.saturation() == null || spec.saturation().action() != SaturationAction.Continue;
    advise(
        stop && training.rate().schedule() == Schedule.Cosine,
        Advice.Code.CosineCannotStop,
        "a cosine is cut to its budget and cannot end early at saturation; only"
            + " spec.training.schedule WarmupStableDecay can");
  }

  private void shardedAlone() {
    advise(
        Trainers.shardedAlone(spec, facts.trainer()),
        Advice.Code.ShardedAlone,
        "spec.trainer.sharding has no effect with one trainer: set"
            + " spec.trainer.replicas, or ask for several GPUs in spec.trainer.pod.resources");
  }

  private void signal(RunSpec.Signal signal) {
    long bytes = 2L * shape.vocabulary().size();
    advise(
        signal.encoding() == SignalEncoding.Dense && bytes >= LARGE_SIGNAL_BYTES,
        Advice.Code.SignalLarge,
        "a dense signal is "
            + Count.format(bytes)
            + " bytes per token at a vocabulary of "
            + shape.vocabulary().size()
            + "; Sampled takes about 36 and is unbiased too");
    advise(
        TeacherServer.of(spec.teacher()).remote(),
        Advice.Code.SignalBiased,
        "runtime OpenAI tells the "
            + signal.size()
            + " most probable ids of each position and one rest: a biased signal, from which a"
            + " student learns less than from the built-in teacher's Sampled draws");
  }
}
