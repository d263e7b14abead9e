package dev.alambic.bench.rollout;

import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.spread;

import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.rollout.Setting.Arm;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * From one pre-trained student, at equal tokens of answers: does learning on its own answers bring
 * it nearer to its teacher, on its own answers to held-out prompts, than learning on the teacher's?
 */
@Command(
    name = "post-training",
    description = "On-policy reverse KL against off-policy forward KL, and what rollouts cost")
public final class PostTrainingCommand extends Benchmark {
  private static final long TRIAL_SEED = 100;

  @Mixin private Setting setting;

  @Option(names = "--prompt-count", description = "To learn from")
  private int promptCount = 1000;

  @Option(names = "--seeds", split = ",", description = "Of the runs that are compared")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(names = "--rates", split = ",", description = "Tried on a seed that is not compared")
  private List<Double> rates = List.of(3e-4, 1e-3, 3e-3);

  private PostTraining runs;

  @Override
  protected String measure() throws InterruptedException {
    Torch.start(1);
    try (PostTraining all = new PostTraining(setting, promptCount)) {
      runs = all;
      return compare() + "\n" + speed();
    }
  }

  private String compare() {
    double onRate = best(Arm.ON_POLICY);
    double offRate = best(Arm.OFF_POLICY);
    MarkdownTable table =
        new MarkdownTable(
            "seed | before %.4f | on-policy reverse KL %.4f | off-policy forward KL %.4f | on - off %+.4f");
    double[] on = new double[seeds.size()];
    double[] off = new double[seeds.size()];
    for (int i = 0; i < on.length; i++) {
      long seed = seeds.get(i);
      double before = divergence(setting.untrained(seed));
      on[i] = divergence(setting.spec(Arm.ON_POLICY, seed, onRate));
      off[i] = divergence(setting.spec(Arm.OFF_POLICY, seed, offRate));
      table.row(seed, before, on[i], off[i], on[i] - off[i]);
    }
    table.row("mean ± sd", "", spread(4, on), spread(4, off), mean(on) - mean(off));
    return "Learning rates: %s on-policy, %s off-policy.%n%n%s"
        .formatted(onRate, offRate, table.text());
  }

  private double best(Arm arm) {
    if (rates.size() == 1) {
      return rates.get(0);
    }
    Map<Double, Double> divergences = new HashMap<>();
    rates.forEach(rate -> divergences.put(rate, divergence(setting.spec(arm, TRIAL_SEED, rate))));
    return rates.stream().min(Comparator.comparing(divergences::get)).orElseThrow();
  }

  private double divergence(RunSpec spec) {
    double divergence = runs.run(spec).divergence();
    System.err.printf(
        "%s, seed %d, rate %s: %.4f nats%n",
        spec.job(),
        spec.training().numerics().seed(),
        spec.training().rate().peakLearningRate(),
        divergence);
    return divergence;
  }

  private String speed() throws InterruptedException {
    MarkdownTable answers = new MarkdownTable("answers at once | tokens/s %.0f");
    for (int at : new int[] {1, setting.slots}) {
      answers.row(at, runs.answersPerSecond(at, 2 * setting.slots));
    }
    PostTraining.Outcome step =
        runs.run(setting.spec(Arm.ON_POLICY, TRIAL_SEED + 1, rates.get(0), setting.tokens, 1));
    MarkdownTable shares = new MarkdownTable("rollout | scoring | learning");
    shares.row(
        share(step.rollout(), step), share(step.scoring(), step), share(step.learning(), step));
    return answers.text() + "\n" + shares.text();
  }

  private static String share(double seconds, PostTraining.Outcome of) {
    return decimal(0, 100 * seconds / of.seconds()) + " %";
  }
}
