package dev.alambic.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import org.junit.jupiter.api.Test;

class RunDisplayTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Instant now = Instant.parse("2026-11-01T00:00:00Z");

  @Test
  void withoutATerminalALineComesEveryTenSeconds() {
    try (RunDisplay display = RunDisplay.on(out, new Terminal(false, false), () -> now)) {
      display.show(at(1_000_000));
      pass(Duration.ofSeconds(9));
      display.show(at(2_000_000));
      pass(Duration.ofSeconds(1));
      display.show(at(3_000_000));
    }

    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).contains("1M/50M");
    assertThat(lines().get(1)).contains("3M/50M");
  }

  @Test
  void whatChangesIsSaidAtOnceAndOnce() {
    try (RunDisplay display = RunDisplay.on(out, new Terminal(false, false), () -> now)) {
      display.show(Runs.at(Progress.State.Preparing, "tokenising, 9%"));
      display.show(Runs.at(Progress.State.Preparing, "tokenising, 10.5%"));
      display.show(Runs.at(Progress.State.WaitingForTeacher, null));
      pass(Duration.ofSeconds(60));
      display.show(Runs.at(Progress.State.WaitingForTeacher, null));
      display.show(Runs.run(Progress.State.Training, null, Runs.CURVE, null));
      display.show(Runs.training());
    }

    assertThat(lines()).hasSize(4);
    assertThat(lines().get(0)).isEqualTo("preparing: tokenising, 9%");
    assertThat(lines().get(1)).isEqualTo("waiting for teacher");
    assertThat(lines().get(3)).endsWith("NearSaturation ~18M");
  }

  @Test
  void aTerminalGetsABarRedrawnWithEachNews() {
    List<String> drawn = new CopyOnWriteArrayList<>();
    try (RunDisplay display =
        new BarDisplay(new DelegatingProgressBarConsumer(drawn::add, 70), new BarText(false))) {
      display.show(Runs.at(Progress.State.WaitingForTeacher, null));
      display.show(at(5_000_000));
    }

    assertThat(drawn).allMatch(line -> line.length() == 70);
    assertThat(drawn.stream().map(String::stripTrailing))
        .contains("waiting for teacher", new BarText(false).line(at(5_000_000), 70));
  }

  @Test
  void aDisplayThatShowedNothingCloses() {
    RunDisplay.on(out, new Terminal(true, true), () -> now).close();
    RunDisplay.on(out, new Terminal(false, true), () -> now).close();

    assertThat(bytes.size()).isZero();
  }

  private static Progress at(long tokens) {
    return TestProgress.progress(Progress.State.Training, tokens)
        .with(
            said ->
                said.position(new Progress.Position(1, tokens, 50_000_000))
                    .speed(new Progress.Speed(1000.0, null))
                    .learning(Progress.Learning.NOTHING.withTrainLoss(3.0)));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
