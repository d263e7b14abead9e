package dev.alambic.annotate;

import dev.alambic.annotate.Remark.Surprise;
import dev.alambic.generate.TextStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * An answer with its teacher's remarks: the text, each piece coloured by how surprised the teacher
 * is, or in brackets where there are no colours; then a line for each surprise, with what the
 * teacher would have said.
 */
public final class AnnotatedText {
  private static final String RESET = "\u001b[0m";
  private static final int MOST_LINES = 40;

  private final Function<int[], String> decode;
  private final boolean colour;

  /**
   * A writer of such texts.
   *
   * @param decode tokens to text
   * @param colour whether the terminal shows ANSI colours
   */
  public AnnotatedText(Function<int[], String> decode, boolean colour) {
    this.decode = decode;
    this.colour = colour;
  }

  /** The answer to a prompt, and below it the remarks; lines ended. */
  public String of(int[] prompt, List<Remark> remarks) {
    return legend() + "\n\n" + answer(prompt, remarks) + "\n\n" + lines(remarks);
  }

  private String legend() {
    return "the teacher gives the token "
        + marked("1/2 or more", Surprise.NONE)
        + ", "
        + marked("1/10 or more", Surprise.LITTLE)
        + ", "
        + marked("1/100 or more", Surprise.SOME)
        + ", "
        + marked("less", Surprise.MUCH);
  }

  /** A character of several tokens is as surprising as the most surprising of them. */
  private String answer(int[] prompt, List<Remark> remarks) {
    TextStream stream = new TextStream(decode, prompt);
    StringBuilder text = new StringBuilder();
    Surprise held = Surprise.NONE;
    for (Remark remark : remarks) {
      String piece = stream.add(remark.token());
      held = remark.surprise().compareTo(held) > 0 ? remark.surprise() : held;
      if (!piece.isEmpty()) {
        text.append(marked(piece, held));
        held = Surprise.NONE;
      }
    }
    return text.append(marked(stream.end(), held)).toString();
  }

  private String marked(String text, Surprise surprise) {
    if (text.isEmpty()) {
      return text;
    }
    if (!colour) {
      return switch (surprise) {
        case NONE, LITTLE -> text;
        case SOME -> "[" + text + "]";
        case MUCH -> "[[" + text + "]]";
      };
    }
    return switch (surprise) {
      case NONE -> "\u001b[32m" + text + RESET;
      case LITTLE -> text;
      case SOME -> "\u001b[33m" + text + RESET;
      case MUCH -> "\u001b[1;31m" + text + RESET;
    };
  }

  private String lines(List<Remark> remarks) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < remarks.size(); i++) {
      if (remarks.get(i).surprise().compareTo(Surprise.LITTLE) > 0) {
        lines.add(line(i, remarks.get(i)));
      }
    }
    int left = lines.size() - MOST_LINES;
    String rest = left > 0 ? "and " + left + " more\n" : "";
    return String.join("", lines.subList(0, Math.min(MOST_LINES, lines.size())))
        + rest
        + sum(remarks);
  }

  private String line(int place, Remark remark) {
    String said = pad(quoted(remark.token()), 20);
    String instead = quoted(remark.preferred());
    return String.format(
        Locale.ROOT,
        "%4d  %s %6.2f %%   the teacher: %s (%.0f %%)%n",
        place + 1,
        colour ? marked(said, remark.surprise()) : said,
        100 * remark.probability(),
        instead,
        100 * remark.preferredProbability());
  }

  private static String sum(List<Remark> remarks) {
    double nats = remarks.stream().mapToDouble(Remark::nats).average().orElse(0);
    long same = remarks.stream().filter(r -> r.token() == r.preferred()).count();
    return String.format(
        Locale.ROOT,
        "%d tokens, %.2f nats each to the teacher, %d as the teacher finds likeliest%n",
        remarks.size(),
        nats,
        same);
  }

  private String quoted(int token) {
    String text = decode.apply(new int[] {token});
    return "\"" + text.replace("\n", "\\n").replaceAll("\\p{Cntrl}", "?") + "\"";
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
