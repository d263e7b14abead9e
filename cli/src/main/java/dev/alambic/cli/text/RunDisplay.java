package dev.alambic.cli.text;

import dev.alambic.run.Progress;
import java.io.PrintStream;
import java.time.InstantSource;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;

/** Shows a run in progress. */
public interface RunDisplay extends AutoCloseable {

  /** Shows the trainer's newest progress; called as often as there is news. */
  void show(Progress progress);

  /** Leaves the terminal as it was, below what was shown. */
  @Override
  void close();

  /** A live bar on a terminal, a line every ten seconds or so where there is none. */
  static RunDisplay on(PrintStream out, Terminal terminal, InstantSource clock) {
    return terminal.interactive()
        ? new BarDisplay(
            new InteractiveConsoleProgressBarConsumer(out), new BarText(terminal.unicode()))
        : new LineDisplay(out, clock);
  }

  /** A display on standard output, which a close leaves open. */
  static RunDisplay ofThisProcess() {
    return on(System.out, Terminal.ofThisProcess(), InstantSource.system());
  }
}
