package dev.alambic.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** Where numbers come from: command, day, machine, Java and commit. */
public final class Provenance {
  private Provenance() {}

  /** The commit of the code that runs, as {@code bench/run} found it. */
  public static String commit() {
    return System.getenv().getOrDefault("ALAMBIC_COMMIT", "unknown");
  }

  /** Of a benchmark that runs now: as Markdown, one paragraph. */
  public static String text(String command) {
    return "`%s`, %s, %d cores of %s, Java %s, commit %s.%n"
        .formatted(
            command,
            LocalDate.now(ZoneId.systemDefault()),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("java.version"),
            commit());
  }

  private static String processor() {
    try {
      return processor(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  static String processor(List<String> cpuinfo) {
    return cpuinfo.stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
