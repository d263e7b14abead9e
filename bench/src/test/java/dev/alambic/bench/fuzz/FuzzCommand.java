package dev.alambic.bench.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Provenance;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries every parser on damaged input. */
@Command(
    name = "./dev fuzz",
    description =
        "Damaged input for every parser: accepted, refused as documented, or a crash; exit 70 if"
            + " there is one")
public final class FuzzCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Option(names = "--inputs", description = "Inputs of each cheap parser; dear ones get fewer")
  private int inputs = 20_000;

  @Option(names = "--seed", description = "Of the damage")
  private long seed = 1;

  @Option(names = "--parser", description = "One parser alone, by its name in the table")
  private String parser;

  @Option(names = "--replay", description = "Hand one saved input to the parser, and tell")
  private Path replay;

  @Option(names = "--work", description = "Folder for what crashes")
  private Path work = Path.of("runs", "bench", "fuzz");

  /** Runs it: {@code ./dev fuzz}. */
  public static void main(String[] arguments) {
    System.exit(Benchmark.execute(new FuzzCommand(), arguments));
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(work);
    // What is skipped or made again is logged: thousands of lines here.
    ((Logger) LoggerFactory.getLogger("dev.alambic")).setLevel(Level.ERROR);
    Path files = Files.createTempDirectory("alambic-fuzz");
    try (Targets targets = new Targets(files)) {
      List<Target> chosen =
          targets.all().stream()
              .filter(target -> parser == null || target.name().equals(parser))
              .toList();
      if (chosen.isEmpty()) {
        List<String> names = targets.all().stream().map(Target::name).toList();
        throw new RunException(ExitCode.USAGE, "--parser: " + parser + " is not one of " + names);
      }
      if (replay != null) {
        chosen.get(0).reader().read(Files.readAllBytes(replay));
        System.out.println("accepted");
        return 0;
      }
      return run(chosen);
    } finally {
      FileTrees.delete(files);
    }
  }

  private int run(List<Target> chosen) throws Exception {
    MarkdownTable table =
        new MarkdownTable(
            "parser | inputs | accepted | refused | crashes"
                + " | slowest, ms %.1f | allocated, MB %.1f | peak heap, MB %.0f");
    int crashes = 0;
    for (Target target : chosen) {
      System.err.println("fuzz: " + target.name());
      Tally tally = new Trial(target, seed, LIMIT).run(Math.max(1, inputs / target.share()));
      save(tally);
      crashes += tally.crashes.size();
      table.row(
          tally.parser,
          tally.inputs,
          tally.accepted(),
          tally.refused,
          tally.crashes.size(),
          tally.slowest.nanos() / 1e6,
          tally.hungriest.bytes() / 1e6,
          tally.peakHeapBytes / 1e6);
    }
    String command = "./dev fuzz --inputs %d --seed %d".formatted(inputs, seed);
    System.out.printf("%s%n%s", Provenance.text(command), table.text());
    return crashes == 0 ? 0 : ExitCode.SOFTWARE.code();
  }

  /** For {@code --replay}: the dearest inputs, and the first of each kind of crash. */
  private void save(Tally tally) throws IOException {
    String name = tally.parser.replaceAll("\\W+", "-");
    Files.write(work.resolve(name + "-slowest"), tally.slowest.input());
    Files.write(work.resolve(name + "-hungriest"), tally.hungriest.input());
    Set<String> kinds = new HashSet<>();
    for (Tally.Attempt attempt : tally.crashes) {
      // The beginning of the reason, without the numbers that the input put into it.
      if (kinds.add("%.60s".formatted(attempt.crash().replaceAll("[0-9]+", "N")))) {
        Path file = work.resolve("%s-%d-%d".formatted(name, seed, attempt.number()));
        Files.write(file, attempt.input());
        System.err.println("fuzz: " + file + ": " + attempt.crash());
      }
    }
  }
}
