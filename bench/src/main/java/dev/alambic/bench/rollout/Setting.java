package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * What all runs of the comparison have in common.
 *
 * @param tokens of answers that a run learns from
 * @param batchTokens of them in a step
 * @param slots answers that are written at once
 */
record Setting(
    Path teacher,
    Path student,
    Path prompts,
    Path work,
    DecoderConfig shape,
    long tokens,
    int batchTokens,
    int sequenceLength,
    int maxNewTokens,
    int slots) {
  private static final int HELD_OUT = 64;
  private static final int MICRO_BATCH = 8;

  /** The run of an arm; its only evaluation is at its end, of this many held-out prompts. */
  RunSpec spec(Arm arm, long seed, double rate, int heldOut) {
    String folder = work.resolve(arm.name().replace(' ', '-') + "-" + rate + "-" + seed).toString();
    return new RunSpec(
        RunSpec.VERSION,
        arm.name(),
        new RunSpec.Teacher(
            teacher.toString(), List.of(), sequenceLength, TeacherRuntime.Builtin, null),
        new RunSpec.Student(
            shape,
            new RunSpec.InitFrom(student.toString(), AskedShape.ANY),
            teacher.toString(),
            folder + "/student"),
        new RunSpec.Data(prompts.toString(), DataFormat.JSONLines, "text", null, folder, null),
        new RunSpec.Objective(arm.divergence(), 1, 0, 0.5),
        new RunSpec.Signal(SignalEncoding.Dense, shape.vocabulary().size(), 0, null),
        training(seed, rate),
        new RunSpec.Rollout(1, 1, maxNewTokens, 1, arm.onPolicyFraction(), seed, slots),
        new RunSpec.Evaluation(heldOut, tokens, 1, tokens),
        new RunSpec.Checkpoint(folder + "/checkpoints", tokens, 1, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        1);
  }

  RunSpec spec(Arm arm, long seed, double rate) {
    return spec(arm, seed, rate, HELD_OUT);
  }

  private RunSpec.Training training(long seed, double rate) {
    long steps = Math.max(1, tokens / batchTokens);
    return new Recipe(sequenceLength, batchTokens / sequenceLength, MICRO_BATCH, steps)
        .training(steps * batchTokens, Math.max(1, steps / 20), Math.max(1, steps / 5), rate, seed);
  }
}
