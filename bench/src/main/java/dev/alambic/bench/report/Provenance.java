package dev.alambic.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where numbers come from.
 *
 * @param command as a reader would type it again
 * @param commitId of the code that ran
 */
public record Provenance(
    String command,
    LocalDate date,
    String processorName,
    int cores,
    String javaVersion,
    String commitId) {

  /** Of a benchmark that runs now, with the options that matter. */
  public static Provenance now(String command) {
    return new Provenance(
        command,
        LocalDate.now(ZoneId.systemDefault()),
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        commit());
  }

  /** The commit of the code that runs, as {@code bench/run} found it. */
  public static String commit() {
    return System.getenv().getOrDefault("ALAMBIC_COMMIT", "unknown");
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return processor(lines.toList());
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

  /** As Markdown, one paragraph. */
  public String text() {
    return "`%s`, %s, %d cores of %s, Java %s, commit %s.%n"
        .formatted(command, date, cores, processorName, javaVersion, commitId);
  }
}
