package dev.alambic.bench.distil;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Results as JSON lines, one appended when a run ends, so that an interrupted benchmark continues
 * where it was. A line that an interruption has torn counts as not there.
 *
 * @param corpus digest of its tokens; results on other text are not seen
 */
record ResultFile(Path file, String corpus) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The results so far by run; of several of one run the last. */
  Map<Run, Result> read() throws IOException {
    Map<Run, Result> results = new LinkedHashMap<>();
    if (Files.exists(file)) {
      Files.readAllLines(file).stream()
          .map(ResultFile::parse)
          .flatMap(Optional::stream)
          .filter(result -> result.corpus().equals(corpus))
          .forEach(result -> results.put(result.run(), result));
    }
    return results;
  }

  /** The results of these runs, in their order; a run that has none is left out. */
  Map<Run, Result> ofRuns(List<Run> runs) throws IOException {
    Map<Run, Result> all = read();
    Map<Run, Result> wanted = new LinkedHashMap<>();
    runs.stream().filter(all::containsKey).forEach(run -> wanted.put(run, all.get(run)));
    return wanted;
  }

  /** Appends one, on a line of its own even after a torn one. */
  void append(Result result) throws IOException {
    String before = Files.exists(file) ? Files.readString(file) : "";
    Files.writeString(
        file,
        (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line(result) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** A result or a run as one line of JSON. */
  static String line(Object result) {
    try {
      return JSON.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a result that {@link #line} wrote; empty if it is something else. */
  static Optional<Result> parse(String line) {
    try {
      return Optional.of(JSON.readValue(line, Result.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Reads a run that {@link #line} wrote. */
  static Run parseRun(String json) {
    try {
      return JSON.readValue(json, Run.class);
    } catch (JsonProcessingException e) {
      throw new RunException(ExitCode.USAGE, "not a run: " + e.getOriginalMessage(), e);
    }
  }
}
