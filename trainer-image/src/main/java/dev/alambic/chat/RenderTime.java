package dev.alambic.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.time.Duration;
import java.util.Map;

/**
 * How long a template may take: a loop in a loop in a loop need not be endless to outlast the job.
 * It is asked before each piece of the template, and gone through for one rendering.
 */
final class RenderTime {
  /** Not an identifier, so no template can name it. */
  private static final String NAME = "render time";

  private final long end;

  private RenderTime(long end) {
    this.end = end;
  }

  /** A template that takes too long. */
  static final class OverException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A template of which something else is wrong already. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Starts the clock of a rendering with these values. */
  static void start(Map<String, Object> values, Duration longest) {
    values.put(NAME, new RenderTime(System.nanoTime() + longest.toNanos()));
  }

  /**
   * Ends the rendering when its time is over, or after the first error: the library would continue
   * and collect the same error from every turn of every loop.
   */
  static void check(JinjavaInterpreter interpreter) {
    RenderTime time = (RenderTime) interpreter.getContext().get(NAME);
    if (!interpreter.getErrorsCopy().isEmpty()) {
      throw new StoppedException();
    }
    if (time.end - System.nanoTime() < 0) {
      throw new OverException();
    }
  }
}
