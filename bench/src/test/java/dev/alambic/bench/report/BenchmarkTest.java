package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

class BenchmarkTest {
  @Command(name = "speed")
  static final class Speed extends Benchmark {
    @Option(names = "--data")
    Path data;

    @Option(names = "--threads", split = ",")
    List<Integer> threads = List.of(1, 2);

    @Override
    protected String measure() {
      return "";
    }
  }

  @Test
  void theCommandIsToldAsItWasTypedButForFolders() {
    assertThat(typed()).isEqualTo("speed");
    assertThat(typed("--data", "/home/me/texts", "--threads", "1,4"))
        .isEqualTo("speed --data texts --threads 1,4");
    assertThat(typed("--data=/home/me/texts")).isEqualTo("speed --data=texts");
  }

  private static String typed(String... arguments) {
    CommandSpec command = new CommandLine(new Speed()).getCommandSpec();
    command.commandLine().parseArgs(arguments);
    return Benchmark.typed(command);
  }
}
