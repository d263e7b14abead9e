package dev.alambic.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir Path folder;

  @Test
  void theTokenIsInTheEnvironmentAndInNoArgument() throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo "arguments $0 $*"
        echo "token $ALAMBIC_TEACHER_TOKEN"
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Launcher launcher = new Launcher(script, "dG9rZW4");
    Path spec = folder.resolve("run.json");
    Path log = folder.resolve("log");
    launcher.teacher(spec, 1, 2, log).awaitEnd(Duration.ofSeconds(20));
    launcher.trainer(spec, 3, log).awaitEnd(Duration.ofSeconds(20));
    launcher.trainer(spec, 1, 4, log).awaitEnd(Duration.ofSeconds(20));
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "arguments %s teacher --spec %s --port 1 --status-port 2".formatted(script, spec),
            "token dG9rZW4",
            "arguments %s train --spec %s --port 3".formatted(script, spec),
            "token dG9rZW4",
            "arguments %s train --spec %s --rank 1 --port 4".formatted(script, spec),
            "token dG9rZW4");
  }
}
