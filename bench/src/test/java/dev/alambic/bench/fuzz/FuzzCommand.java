package dev.alambic.bench.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.alambic.bench.report.CommandExecution;
import dev.alambic.bench.report.Provenance;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries every parser on damaged input. */
@Command(
    name = "bench/run fuzz",
    mixinStandardHelpOptions = true,
    description =
        "Damaged input for every parser: accepted, refused as documented, or a crash; exit 70 if"
            + " there is one")
public final class FuzzCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Option(
      names = "--inputs",
      description = "Inputs of each cheap parser; dear ones get fewer (default: ${DEFAULT-VALUE})")
  private int inputs = 20_000;

  @Option(names = "--seed", description = "Of the damage (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--parser", description = "One parser alone, by its name in the table")
  private String parser;

  @Option(names = "--replay", description = "Hand one saved input to the parser, and tell")
  private Path replay;

  @Option(names = "--work", description = "Folder for what crashes (default: ${DEFAULT-VALUE})")
  private Path work = Path.of("runs", "bench", "fuzz");

  /** Runs it: {@code bench/run fuzz}. */
  public static void main(String[] arguments) {
    System.exit(CommandExecution.execute(new FuzzCommand(), arguments));
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(work);
    quiet();
    Path files = Files.createTempDirectory("alambic-fuzz");
    try (Targets targets = Targets.open(files)) {
      List<Target> chosen =
          targets.all().stream()
              .filter(target -> parser == null || target.name().equals(parser))
              .toList();
      if (chosen.isEmpty()) {
        throw new RunException(
            ExitCode.USAGE,
            "--parser: %s is not one of %s"
                .formatted(parser, targets.all().stream().map(Target::name).toList()));
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

  /** What is skipped or made again is logged: thousands of lines here. */
  private static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.alambic")).setLevel(Level.ERROR);
  }

  private int run(List<Target> chosen) throws IOException, InterruptedException {
    List<Tally> tallies = new ArrayList<>();
    for (Target target : chosen) {
      System.err.println("fuzz: " + target.name());
      Tally tally = new Trial(target, seed, LIMIT).run(Math.max(1, inputs / target.share()));
      tallies.add(tally);
      save(tally);
    }
    System.out.println(
        Provenance.now("bench/run fuzz --inputs %d --seed %d".formatted(inputs, seed)).text());
    System.out.print(FuzzTable.text(tallies));
    boolean sound = tallies.stream().allMatch(tally -> tally.crashes().isEmpty());
    return sound ? 0 : ExitCode.SOFTWARE.code();
  }

  /** For {@code --replay}: the dearest inputs, and the first of each kind of crash. */
  private void save(Tally tally) throws IOException {
    String name = tally.parser().replaceAll("\\W+", "-");
    Files.write(work.resolve(name + "-slowest"), tally.slowest());
    Files.write(work.resolve(name + "-hungriest"), tally.hungriest());
    Set<String> reasons = new HashSet<>();
    for (Tally.Failure crash : tally.crashes()) {
      if (!reasons.add(kind(crash.reason()))) {
        continue;
      }
      Path file = work.resolve("%s-%d-%d".formatted(name, seed, crash.number()));
      Files.write(file, crash.input());
      System.err.println("fuzz: " + file + ": " + crash.reason());
    }
  }

  /** A reason without what the input put into it. */
  private static String kind(String reason) {
    String words = reason.replaceAll("[0-9]+", "N");
    return words.length() <= 60 ? words : words.substring(0, 60);
  }
}
