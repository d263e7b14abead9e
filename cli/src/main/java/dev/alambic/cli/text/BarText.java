package dev.alambic.cli.text;

import dev.alambic.run.Progress;
import java.util.Locale;

/**
 * The progress bar's line.
 *
 * @param unicode whether the terminal can show block characters
 */
record BarText(boolean unicode) {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";
  private static final int MIN_BAR = 10;
  private static final int MAX_BAR = 32;

  /**
   * One line of at most {@code width} columns: on a narrow terminal the bar shrinks first, then the
   * last numbers go.
   */
  String line(Progress progress, int width) {
    if (!ProgressText.isUnderWay(progress)) {
      return cut(ProgressText.activity(progress), width);
    }
    String head =
        progress.stage().state() == Progress.State.Training ? "" : activity(progress) + " ";
    String share = String.format(Locale.ROOT, " %3.0f%% ", 100 * ProgressText.share(progress));
    String tail = share + ProgressText.tokens(progress);
    int room = width - head.length() - tail.length() - MIN_BAR - 2;
    StringBuilder numbers = new StringBuilder();
    for (String number : ProgressText.numbers(progress)) {
      if (numbers.length() + 2 + number.length() > room) {
        break;
      }
      numbers.append("  ").append(number);
    }
    int bar = Math.min(MAX_BAR, MIN_BAR + room - numbers.length());
    if (bar < 1) {
      return cut(head + tail.strip(), width);
    }
    return head + bar(ProgressText.share(progress), bar) + tail + numbers;
  }

  /** The state alone: a message would crowd the numbers out. */
  private static String activity(Progress progress) {
    String activity = ProgressText.activity(progress);
    int colon = activity.indexOf(':');
    return colon < 0 ? activity : activity.substring(0, colon);
  }

  private String bar(double share, int length) {
    int eighths = (int) Math.floor(share * length * 8);
    int full = eighths / 8;
    if (!unicode) {
      return "[" + "#".repeat(full) + ".".repeat(length - full) + "]";
    }
    StringBuilder bar = new StringBuilder("▕").append("█".repeat(full));
    if (full < length) {
      bar.append(EIGHTHS.charAt(eighths % 8)).append(" ".repeat(length - full - 1));
    }
    return bar.append("▏").toString();
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width));
  }
}
