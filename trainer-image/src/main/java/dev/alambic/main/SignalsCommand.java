package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.cache.Holding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists, verifies and prunes a signal cache. */
@Command(
    name = "signals",
    mixinStandardHelpOptions = true,
    description = "List, verify and prune a cache of teacher signals")
final class SignalsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(paramLabel = "DIR", description = "Folder of the cache")
  private Path folder;

  @Option(names = "--verify", description = "Read every record; exit 65 if one is damaged")
  private boolean verify;

  @Option(
      names = "--prune-damaged",
      description = "Delete damaged blocks; jobs ask their teachers again for what was in them")
  private boolean pruneDamaged;

  @Option(
      names = "--prune-unused",
      paramLabel = "DAYS",
      description = "Delete what no job has opened for this number of days")
  private Integer pruneUnusedDays;

  private final InstantSource clock = InstantSource.system();
  private boolean damage;

  @Override
  public Integer call() {
    if (!Files.isDirectory(folder)) {
      throw new RunException(ExitCode.NO_INPUT, folder + ": no such folder");
    }
    try {
      for (Holding holding : Holding.of(folder)) {
        handle(holding);
      }
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": the signal cache cannot be read: " + e, e);
    }
    return (damage ? ExitCode.DATA : ExitCode.COMPLETE).code();
  }

  private void handle(Holding holding) throws IOException {
    if (isUnused(holding.lastUsed())) {
      holding.delete();
      say("%.12s  deleted: last used %s", holding.digest(), day(holding.lastUsed()));
      return;
    }
    say("%s", line(holding));
    if (verify || pruneDamaged) {
      verify(holding);
    }
  }

  private boolean isUnused(Instant lastUsed) {
    return pruneUnusedDays != null
        && lastUsed.isBefore(clock.instant().minus(Duration.ofDays(pruneUnusedDays)));
  }

  /** Digest, encoding, vocabulary, teacher, blocks, records, bytes, last use. */
  private static String line(Holding holding) throws IOException {
    return String.format(
        Locale.ROOT,
        "%.12s  %s %s  vocabulary %s  teacher %.12s  %d blocks%s  %d sequences  %.1f MB  last used %s",
        holding.digest(),
        holding.field("encoding").orElse("?"),
        holding.field("size").orElse("?"),
        holding.field("vocabularySize").orElse("?"),
        holding.field("weights digest").orElse("?"),
        holding.sealed().size(),
        holding.open().isEmpty() ? "" : " and " + holding.open().size() + " open",
        holding.records(),
        holding.bytes() / 1e6,
        day(holding.lastUsed()));
  }

  private void verify(Holding holding) throws IOException {
    Holding.Verification found = holding.verify();
    say("              %d sequences of %d tokens are sound", found.records(), found.positions());
    for (Holding.Damage damaged : found.damaged()) {
      say("              damaged%s: %s", pruneDamaged ? ", deleted" : "", damaged.problem());
      if (pruneDamaged) {
        Files.deleteIfExists(damaged.block());
      } else {
        damage = true;
      }
    }
  }

  private static String day(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private void say(String format, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
