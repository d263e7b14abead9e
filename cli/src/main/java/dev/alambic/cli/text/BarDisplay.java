package dev.alambic.cli.text;

import dev.alambic.run.Progress;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * A bar that is redrawn in place. The library knows the terminal; the line itself is ours, since
 * tokens come in K, M, B and T.
 */
final class BarDisplay implements RunDisplay {
  /** The bar is drawn when there is news and not by a timer. */
  private static final int NO_TIMER = Integer.MAX_VALUE;

  private final AtomicReference<Progress> latest = new AtomicReference<>();
  private final ProgressBarConsumer consumer;
  private final BarText text;
  private ProgressBar bar;

  BarDisplay(ProgressBarConsumer consumer, BarText text) {
    this.consumer = consumer;
    this.text = text;
  }

  @Override
  public void show(Progress progress) {
    latest.set(progress);
    if (bar == null) {
      bar = start();
    }
    bar.maxHint(progress.position().tokenBudget());
    bar.stepTo(progress.position().tokens());
    bar.refresh();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private ProgressBar start() {
    return ProgressBar.builder()
        .setConsumer(consumer)
        .setRenderer((state, width) -> overwrite(text.line(latest.get(), width), width))
        .setUpdateIntervalMillis(NO_TIMER)
        .continuousUpdate()
        .build();
  }

  /** Blanks to the end: the line before may have been longer. */
  private static String overwrite(String line, int width) {
    return line + " ".repeat(Math.max(0, width - line.length()));
  }
}
