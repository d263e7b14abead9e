package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;

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

  /**
   * A way to post-train.
   *
   * @param onPolicyFraction share of the answers that are the student's; the teacher wrote the
   *     others
   */
  record Arm(String name, Divergence divergence, double onPolicyFraction) {
    static final Arm ON_POLICY = new Arm("on-policy reverse KL", Divergence.ReverseKL, 1);
    static final Arm OFF_POLICY = new Arm("off-policy forward KL", Divergence.ForwardKL, 0);
  }

  RunSpec spec(Arm arm, long seed, double rate) {
    return spec(arm, seed, rate, tokens, HELD_OUT);
  }

  /** A step at a rate of nothing. */
  RunSpec untrained(long seed) {
    return spec(Arm.OFF_POLICY, seed, 0, batchTokens, HELD_OUT);
  }

  /** The run of an arm; its only evaluation is at its end, of this many held-out prompts. */
  RunSpec spec(Arm arm, long seed, double rate, long tokens, int heldOut) {
    Path folder = work.resolve(arm.name().replace(' ', '-') + "-" + rate + "-" + seed);
    long steps = Math.max(1, tokens / batchTokens);
    int batch = batchTokens / sequenceLength;
    RunSpec spec =
        Recipe.run(
            arm.name(),
            folder,
            shape,
            teacher,
            Recipe.text(prompts, folder).withFormat(DataFormat.JSONLines),
            Recipe.training(sequenceLength, batch, MICRO_BATCH, steps, rate, seed));
    return spec.withTeacher(Recipe.teacher(teacher, sequenceLength))
        .withStudent(
            spec.student().withInitFrom(new RunSpec.InitFrom(student.toString(), AskedShape.ANY)))
        .withObjective(new RunSpec.Objective(arm.divergence(), 1, 0, 0.5))
        .withSignal(new RunSpec.Signal(SignalEncoding.Dense, shape.vocabulary().size(), 0, null))
        .withRollout(
            new RunSpec.Rollout(1, 1, maxNewTokens, 1, arm.onPolicyFraction(), seed, slots))
        .withEvaluation(new RunSpec.Evaluation(heldOut, tokens, 1, tokens));
  }
}
