package dev.alambic.cli.manifest;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;

/** A manifest that cannot be used, with all that is wrong with it. */
public final class ManifestException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MAX_PROBLEMS = 50;

  private final List<String> problems;

  /** The message is the problems, one a line; beyond fifty they are only counted. */
  public ManifestException(List<String> problems) {
    this(bounded(problems), null);
  }

  ManifestException(String problem, Throwable cause) {
    this(List.of(problem), cause);
  }

  private ManifestException(List<String> problems, Throwable cause) {
    super(String.join("\n", problems), cause);
    this.problems = problems;
  }

  private static List<String> bounded(List<String> problems) {
    if (problems.size() <= MAX_PROBLEMS) {
      return List.copyOf(problems);
    }
    List<String> first = new ArrayList<>(problems.subList(0, MAX_PROBLEMS));
    first.add("and " + (problems.size() - MAX_PROBLEMS) + " problems more");
    return List.copyOf(first);
  }

  /** One line for each problem: {@code spec.field.path: reason}, or {@code line 3, column 7: …}. */
  public List<String> problems() {
    return problems;
  }
}
