package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What all runs of the comparison have in common. */
final class Setting {
  private static final int HELD_OUT = 64;
  private static final int MICRO_BATCH = 8;

  @Option(names = "--teacher", required = true, description = "A Hugging Face folder")
  Path teacher;

  @Option(names = "--student", required = true, description = "A folder with the same vocabulary")
  Path student;

  @Option(names = "--prompts", required = true, description = "JSON lines with prompts")
  Path prompts;

  @Option(names = "--work", description = "Where runs are kept")
  Path work = Path.of("runs/bench/post-training");

  @Option(names = "--tokens", description = "Of answers, in a run")
  long tokens = 64 * 1024;

  @Option(names = "--batch-tokens", description = "Of answers, in a step")
  int batchTokens = 1024;

  @Option(names = "--max-new-tokens", description = "Of an answer")
  int maxNewTokens = 48;

  @Option(names = "--sequence-length", description = "Tokens of prompt and answer")
  int sequenceLength = 128;

  @Option(names = "--slots", description = "Answers at once")
  int slots = 16;

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
    DecoderConfig shape =
        HuggingFaceConfig.read(student.resolve(HuggingFaceConfig.FILE_NAME)).decoder();
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
