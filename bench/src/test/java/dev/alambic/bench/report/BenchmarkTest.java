package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class BenchmarkTest {
  @Command(name = "speed")
  static final class Speed extends Benchmark {
    @Parameters(paramLabel = "MODEL_DIR")
    Path model;

    @Option(names = "--data", paramLabel = "DIR")
    Path data;

    @Option(names = "--work")
    Path work = Path.of("runs");

    @Option(names = "--threads", split = ",")
    List<Integer> threads = List.of(1, 2);

    @Option(names = "--quick")
    boolean quick;

    @Override
    protected String measure() {
      return "";
    }
  }

  @Test
  void theCommandIsToldWithAllThatItsNumbersDependOn() {
    assertThat(typed("model")).isEqualTo("speed MODEL_DIR --threads 1,2");
    assertThat(typed("model", "--quick", "--data", "/here", "--work", "/there", "--threads", "4"))
        .isEqualTo("speed MODEL_DIR --data DIR --threads 4 --quick");
  }

  private static String typed(String... arguments) {
    CommandSpec command = new CommandLine(new Speed()).getCommandSpec();
    command.mixinStandardHelpOptions(true).commandLine().parseArgs(arguments);
    return Benchmark.typed(command);
  }
}
