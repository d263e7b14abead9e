package dev.alambic.bench.rollout;

import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.deviation;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.signed;

import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Provenance;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From one pre-trained student, at equal tokens of answers: does learning on its own answers bring
 * it nearer to its teacher, on its own answers to held-out prompts, than learning on the teacher's?
 */
@Command(
    name = "post-training",
    mixinStandardHelpOptions = true,
    description = "On-policy reverse KL against off-policy forward KL, and what rollouts cost")
public final class PostTrainingCommand implements Callable<Integer> {
  private static final long TRIAL_SEED = 100;

  @Option(names = "--teacher", required = true, description = "A Hugging Face folder")
  private Path teacher;

  @Option(
      names = "--student",
      required = true,
      description = "A Hugging Face folder with the same vocabulary")
  private Path student;

  @Option(names = "--prompts", required = true, description = "JSON lines with prompts")
  private Path prompts;

  @Option(names = "--work", description = "(default: ${DEFAULT-VALUE})")
  private Path work = Path.of("runs/bench/post-training");

  @Option(names = "--tokens", description = "Of answers, in a run (default: ${DEFAULT-VALUE})")
  private long tokens = 64 * 1024;

  @Option(names = "--batch-tokens", description = "(default: ${DEFAULT-VALUE})")
  private int batchTokens = 1024;

  @Option(names = "--max-new-tokens", description = "(default: ${DEFAULT-VALUE})")
  private int maxNewTokens = 48;

  @Option(names = "--sequence-length", description = "(default: ${DEFAULT-VALUE})")
  private int sequenceLength = 128;

  @Option(names = "--slots", description = "Answers at once (default: ${DEFAULT-VALUE})")
  private int slots = 16;

  @Option(names = "--prompt-count", description = "To learn from (default: ${DEFAULT-VALUE})")
  private int promptCount = 1000;

  @Option(names = "--seeds", split = ",", description = "(default: ${DEFAULT-VALUE})")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(
      names = "--rates",
      split = ",",
      description = "Learning rates; each arm takes its best on a seed that is not compared")
  private List<Double> rates = List.of(3e-4, 1e-3, 3e-3);

  @Override
  public Integer call() throws InterruptedException {
    Torch.start(1);
    Setting setting =
        new Setting(
            teacher,
            student,
            prompts,
            work,
            HuggingFaceConfig.read(student.resolve(HuggingFaceConfig.FILE_NAME)).decoder(),
            tokens,
            batchTokens,
            sequenceLength,
            maxNewTokens,
            slots);
    try (PostTraining runs = PostTraining.prepare(setting, promptCount)) {
      System.out.println(Provenance.now("bench/run post-training").text());
      System.out.print(compare(setting, runs));
      System.out.println();
      System.out.print(speed(setting, runs));
    }
    return 0;
  }

  private String compare(Setting setting, PostTraining runs) {
    double onRate = best(setting, runs, Arm.ON_POLICY);
    double offRate = best(setting, runs, Arm.OFF_POLICY);
    MarkdownTable table =
        new MarkdownTable(
            "seed", "before", Arm.ON_POLICY.name(), Arm.OFF_POLICY.name(), "on - off");
    double[] on = new double[seeds.size()];
    double[] off = new double[seeds.size()];
    for (int i = 0; i < on.length; i++) {
      long seed = seeds.get(i);
      double before = divergence(untrained(setting, seed), runs);
      on[i] = divergence(setting.spec(Arm.ON_POLICY, seed, onRate), runs);
      off[i] = divergence(setting.spec(Arm.OFF_POLICY, seed, offRate), runs);
      table.row(
          Long.toString(seed),
          decimal(4, before),
          decimal(4, on[i]),
          decimal(4, off[i]),
          signed(4, on[i] - off[i]));
    }
    table.row(
        "mean ± sd",
        "",
        decimal(4, mean(on)) + " ± " + decimal(4, deviation(on)),
        decimal(4, mean(off)) + " ± " + decimal(4, deviation(off)),
        signed(4, mean(on) - mean(off)));
    return "Learning rates: "
        + onRate
        + " on-policy, "
        + offRate
        + " off-policy.\n\n"
        + table.text();
  }

  /** A step at a rate of nothing. */
  private static RunSpec untrained(Setting setting, long seed) {
    Setting one =
        new Setting(
            setting.teacher(),
            setting.student(),
            setting.prompts(),
            setting.work(),
            setting.shape(),
            setting.batchTokens(),
            setting.batchTokens(),
            setting.sequenceLength(),
            setting.maxNewTokens(),
            setting.slots());
    return one.spec(Arm.OFF_POLICY, seed, 0);
  }

  private double best(Setting setting, PostTraining runs, Arm arm) {
    if (rates.size() == 1) {
      return rates.get(0);
    }
    double best = rates.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (double rate : rates) {
      double divergence = divergence(setting.spec(arm, TRIAL_SEED, rate), runs);
      if (divergence < least) {
        least = divergence;
        best = rate;
      }
    }
    return best;
  }

  private static double divergence(RunSpec spec, PostTraining runs) {
    double divergence = runs.run(spec).divergence();
    System.err.printf(
        "%s, seed %d, rate %s: %.4f nats%n",
        spec.job(),
        spec.training().numerics().seed(),
        spec.training().rate().peakLearningRate(),
        divergence);
    return divergence;
  }

  private String speed(Setting setting, PostTraining runs) throws InterruptedException {
    MarkdownTable answers = new MarkdownTable("answers at once", "tokens/s");
    for (int at : new int[] {1, slots}) {
      answers.row(Integer.toString(at), decimal(0, runs.answersPerSecond(at, 2 * slots)));
    }
    PostTraining.Outcome step =
        runs.run(setting.spec(Arm.ON_POLICY, TRIAL_SEED + 1, rates.get(0), 1));
    MarkdownTable shares = new MarkdownTable("rollout", "scoring", "learning");
    shares.row(
        share(step.rollout(), step), share(step.scoring(), step), share(step.learning(), step));
    return answers.text() + "\n" + shares.text();
  }

  private static String share(double seconds, PostTraining.Outcome of) {
    return decimal(0, 100 * seconds / of.seconds()) + " %";
  }
}
