package dev.alambic.bench.trainers;

import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.trainers.TrainOne.Result;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.io.FileTrees;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Several trainers of one student, each in a fresh process: memory beside the plan's, and losses.
 */
@Command(
    name = "trainers",
    description =
        "What several trainers hold in memory beside the plan's estimate, and their losses")
public final class TrainersCommand extends Benchmark {
  /** Touched beforehand, so that what is added is the student's. */
  private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  @Option(names = "--trainers", split = ",", description = "1, 2 or 4, each measured")
  private List<Integer> trainers = List.of(1, 2, 4);

  @Option(names = "--shardings", split = ",", description = "Each measured")
  private List<Sharding> shardings = List.of(Sharding.values());

  @Option(names = "--parameters", description = "Of the student")
  private long parameters = 100_000_000;

  @Option(names = "--work", description = "Folder for checkpoints")
  private Path work = Path.of("runs", "bench", "trainers");

  private final Map<Setup, List<Result>> runs = new LinkedHashMap<>();
  private DecoderConfig student;

  @Override
  protected String measure() throws IOException, InterruptedException {
    student = Setup.student(parameters);
    List<Setup> setups = Setup.all(shardings, trainers);
    Result reference = run(Setup.reference()).get(0);
    MarkdownTable memory =
        new MarkdownTable(
            "sharding | trainers | rank 0, MB %.0f | estimate, MB %.0f | ratio %.3f"
                + " | others, MB %.0f | estimate, MB %.0f | ratio %.3f | resident, MB");
    MarkdownTable losses = new MarkdownTable("sharding | trainers | largest difference");
    for (Setup setup : setups) {
      memoryRow(memory, setup, run(setup));
      Result first = run(setup.withAllShares()).get(0);
      double difference = reference.difference(first);
      losses.row(
          setup.sharding(),
          setup.trainers(),
          difference == 0 ? "none" : String.format(Locale.ROOT, "%.1e", difference));
    }
    return "A student of %d parameters.%n%n%s%nLosses of one trainer, %d shares, nats per token: %s. Others', as many shares:%n%n%s"
        .formatted(
            student.parameters(), memory.text(), Setup.BATCH, reference.losses(), losses.text());
  }

  /** By rank. */
  private List<Result> run(Setup setup) throws IOException, InterruptedException {
    List<Result> before = runs.get(setup);
    if (before != null) {
      return before;
    }
    System.err.println(setup);
    Path folder = work.resolve(Long.toString(ProcessHandle.current().pid()));
    Files.createDirectories(folder);
    try {
      Files.writeString(
          folder.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 0, \"</s>\": 1}}}");
      Path spec = folder.resolve("run.json");
      List<String> addresses = FreshJvm.addresses(setup.trainers());
      Files.writeString(spec, RunJson.write(setup.spec(student, folder, addresses)));
      List<Result> ranks =
          FreshJvm.ranks(HEAP, TrainOne.class, setup.trainers(), spec.toString()).stream()
              .map(json -> RunJson.read(json, Result.class))
              .toList();
      System.err.println(ranks);
      runs.put(setup, ranks);
      return ranks;
    } finally {
      FileTrees.delete(folder);
    }
  }

  private void memoryRow(MarkdownTable table, Setup setup, List<Result> ranks) {
    double first = ranks.get(0).inUse();
    double estimate = setup.estimate(student).total();
    double others = ranks.stream().skip(1).mapToDouble(Result::inUse).max().orElse(Double.NaN);
    double othersEstimate = ranks.size() == 1 ? Double.NaN : estimate - setup.firstAlone(student);
    table.row(
        setup.sharding(),
        setup.trainers(),
        first / 1e6,
        estimate / 1e6,
        first / estimate,
        others / 1e6,
        othersEstimate / 1e6,
        others / othersEstimate,
        ranks.stream()
            .map(rank -> decimal(0, rank.resident() / 1e6))
            .collect(Collectors.joining(", ")));
  }
}
