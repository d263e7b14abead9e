package dev.alambic.cli.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptsTest {
  @TempDir private Path folder;

  private Attempt run(Duration patience, String script) throws Exception {
    return new Attempts(
            List.of("sh", "-c", script, "trainer"), Map.of("SAY", "it"), folder, patience)
        .run(folder.resolve("run.json"), folder, Attempts.Ending.ByItself, 0);
  }

  @Test
  void theContractsArgumentsAndTheEnvironmentAreHandedOn() throws Exception {
    Attempt attempt = run(Duration.ofMinutes(1), "echo \"$SAY $1 $2 $3\" >\"$7\"; exit 64");
    assertThat(attempt.exitCode()).isEqualTo(64);
    assertThat(Files.readString(folder.resolve("termination-message")))
        .isEqualTo("it train --spec " + folder.resolve("run.json") + "\n");
    assertThat(attempt.messageBytes()).isPositive();
    assertThat(attempt.message()).as("no progress").isEmpty();
    assertThat(attempt.healthy()).isFalse();
    assertThat(attempt.left()).isEmpty();
  }

  @Test
  void oneThatDoesNotEndIsKilled() throws Exception {
    assertThat(run(Duration.ofMillis(200), "exec sleep 600").exitCode()).isNull();
  }
}
