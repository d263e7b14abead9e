package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.RolloutSpec;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.Stage;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import java.util.Objects;

/**
 * How the student answers prompts. Keys and values of the answers that are written at once lie
 * where a step's activations lie later, so that they may take as much memory.
 */
final class Rollouts {
  static final int MAX_NEW_TOKENS = 512;

  /** A student that can answer already is led, not made: its rate is a tenth of the usual. */
  static final double LEARNING_RATE_SHARE = 0.1;

  private static final RolloutSpec NONE = new RolloutSpec(null, null, null, null, null, null);
  private static final double HIGHEST_TEMPERATURE = 100;
  private static final double LEAST_TOP_P = 1e-6;

  /** A CPU's caches are full with this many rows, a GPU is busy with this many. */
  private static final int MOST_CPU_SLOTS = 32;

  private static final int MOST_GPU_SLOTS = 256;

  private Rollouts() {}

  static boolean has(DistillationJobSpec spec) {
    return spec.stage() == Stage.PostTraining;
  }

  /** The longest answer. */
  static int maxNewTokens(DistillationJobSpec spec) {
    Integer asked = wanted(spec).maxNewTokens();
    return asked == null ? MAX_NEW_TOKENS : asked;
  }

  /**
   * What the spec asks for, but for the answers written at once; null in PreTraining.
   *
   * @param seed of the training
   */
  static RunSpec.Rollout of(
      SpecReader reader, DistillationJobSpec spec, Batch batch, RunSpec.Objective loss, long seed) {
    if (!has(spec)) {
      reader.require(spec.rollout() == null, "rollout", "only stage PostTraining has rollouts");
      return null;
    }
    RolloutSpec wanted = wanted(spec);
    RunSpec.Rollout rollout =
        new RunSpec.Rollout(
            reader.decimal("rollout.temperature", wanted.temperature(), 0, HIGHEST_TEMPERATURE, 1),
            reader.decimal("rollout.topP", wanted.topP(), LEAST_TOP_P, 1, 1),
            reader.count("rollout.maxNewTokens", wanted.maxNewTokens(), MAX_NEW_TOKENS),
            reader.count("rollout.samplesPerPrompt", wanted.samplesPerPrompt(), 1),
            reader.decimal("rollout.onPolicyFraction", wanted.onPolicyFraction(), 0, 1, 1),
            Objects.requireNonNullElse(wanted.seed(), seed),
            1);
    check(reader, spec, batch, loss, rollout);
    return rollout;
  }

  private static void check(
      SpecReader reader,
      DistillationJobSpec spec,
      Batch batch,
      RunSpec.Objective loss,
      RunSpec.Rollout rollout) {
    reader.require(
        spec.student().initFrom() != null,
        "student.initFrom",
        "is missing: stage PostTraining needs a student that can answer");
    reader.require(
        spec.data().format() == DataFormat.JSONLines,
        "data.format",
        "stage PostTraining reads prompts, one JSON object a line: set JSONLines");
    reader.require(
        loss.labelWeight() == 0,
        "objective.labelWeight",
        "a student learns nothing from its own tokens: set 0 or leave it out");
    reader.require(
        rollout.maxNewTokens() < batch.sequenceLength(),
        "rollout.maxNewTokens",
        rollout.maxNewTokens()
            + " leave no room for a prompt in spec.training.sequenceLength "
            + batch.sequenceLength());
  }

  /** What is wrong with the encoding of the teacher's words, which only rollouts know. */
  static void checkLabel(
      SpecReader reader, RunSpec.Signal signal, RunSpec.Objective loss, RunSpec.Rollout rollout) {
    boolean sound =
        rollout != null
            && loss.divergence() == Divergence.ReverseKL
            && loss.temperature() == 1
            && rollout.temperature() == 1
            && rollout.topP() == 1
            && rollout.onPolicyFraction() == 1;
    reader.require(
        signal.encoding() != SignalEncoding.Label || sound,
        "signal.encoding",
        "Label is enough only for divergence ReverseKL on answers drawn from the student as it is:"
            + " stage PostTraining, all temperatures, topP and onPolicyFraction 1");
  }

  /** With as many answers at once as fit beside the student; null for null. */
  static RunSpec.Rollout sized(
      RunSpec.Rollout rollout,
      DecoderConfig shape,
      Precision precision,
      Batch batch,
      MicroBatch micro,
      Device device) {
    if (rollout == null) {
      return null;
    }
    long bytes = precision == Precision.BF16 ? 2 : 4;
    long answer =
        2
            * bytes
            * shape.layers()
            * shape.attention().keyValueHeads()
            * shape.attention().headSize()
            * batch.sequenceLength();
    long room = (micro.memory().device().activations() + micro.memory().device().logits()) / answer;
    long most = device.gpu() ? MOST_GPU_SLOTS : MOST_CPU_SLOTS;
    long useful = Math.max(batch.sequences(), batch.tokens() / rollout.maxNewTokens());
    int slots = (int) Math.max(1, Math.min(Math.min(room, most), useful));
    return new RunSpec.Rollout(
        rollout.temperature(),
        rollout.topP(),
        rollout.maxNewTokens(),
        rollout.samplesPerPrompt(),
        rollout.onPolicyFraction(),
        rollout.seed(),
        slots);
  }

  private static RolloutSpec wanted(DistillationJobSpec spec) {
    return Objects.requireNonNullElse(spec.rollout(), NONE);
  }
}
