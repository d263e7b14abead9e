package dev.alambic.operator.plan;

import java.io.Serial;
import java.util.List;

/** A spec that no run can be made of; every problem is one line, {@code field.path: reason}. */
public final class PlanException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** The message is the problems, one a line. */
  public PlanException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each problem: {@code spec.field.path: reason}. */
  public List<String> problems() {
    return problems;
  }
}
