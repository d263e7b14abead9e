package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/reasons.md lists every reason and every exit code, and says of each whether it is told. */
class ReasonsPageTest {
  private static final Path PAGE = Path.of("../docs/reasons.md");
  private static final Pattern REASON = Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]*) \\|");
  private static final Pattern CODE = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\| (yes|no|) ?\\|$");

  private static List<MatchResult> rows(Pattern row) throws IOException {
    return row.matcher(Files.readString(PAGE)).results().toList();
  }

  @Test
  void everyReasonIsListedOnce() throws IOException {
    assertThat(rows(REASON).stream().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Reason::name).toList());
  }

  @Test
  void eventsAreMarked() throws IOException {
    for (MatchResult row : rows(REASON)) {
      String told =
          switch (Reason.valueOf(row.group(1)).eventLevel()) {
            case Quiet -> "";
            case Normal -> ", event";
            case Warning -> ", **event**";
          };
      assertThat(row.group(2)).as(row.group(1)).matches("[\\w, ]+?" + Pattern.quote(told));
      assertThat(row.group(2).contains("event")).as(row.group(1)).isEqualTo(!told.isEmpty());
    }
  }

  @Test
  void everyExitCodeIsListedWithWhetherItIsTriedAgain() throws IOException {
    assertThat(rows(CODE).stream().map(row -> row.group(1) + row.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values())
                .map(
                    code ->
                        code.code()
                            + (code == ExitCode.COMPLETE ? "" : code.retriable() ? "yes" : "no"))
                .toList());
  }
}
