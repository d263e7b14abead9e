package dev.alambic.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @TempDir private Path folder;

  /** Another process, which takes the folder of its argument and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (FolderLock lock = FolderLock.take(Path.of(arguments[0]))) {
        System.out.println("taken");
        System.in.read();
      }
    }
  }

  private Process holder() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.inputReader().readLine()).isEqualTo("taken");
    return process;
  }

  @Test
  void theSecondIsToldWhoHoldsIt() throws Exception {
    Process first = holder();
    try {
      assertThatThrownBy(() -> FolderLock.take(folder))
          .isInstanceOf(RunException.class)
          .hasMessageMatching(
              folder + " is in use by process " + first.pid() + " on .+, since 2[-0-9]+T[0-9:]+Z")
          .extracting(e -> ((RunException) e).exitCode())
          .isEqualTo(ExitCode.TRY_AGAIN);
    } finally {
      first.destroyForcibly();
    }
  }

  @Test
  void whatAKilledProcessHeldIsFree() throws Exception {
    Process first = holder();
    first.destroyForcibly();
    assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();

    FolderLock.take(folder).close();
    assertThat(Files.readString(folder.resolve(".lock")))
        .startsWith("process " + ProcessHandle.current().pid() + " on ");
  }

  @Test
  void twoInOneProcessAreTwo() {
    try (FolderLock first = FolderLock.take(folder.resolve("new"))) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(folder.resolve("new")))
          .hasMessageContaining("is in use by process " + ProcessHandle.current().pid());
    }
    FolderLock.take(folder.resolve("new")).close();
  }
}
