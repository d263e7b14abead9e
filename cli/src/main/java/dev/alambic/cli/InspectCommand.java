package dev.alambic.cli;

import dev.alambic.cli.model.ModelReport;
import dev.alambic.cli.model.WeightFiles;
import dev.alambic.decoder.GenerationConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a model's folder holds, without loading the weights. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Show what a model folder holds: shape, size, memory, tokens.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:told", "2:not a model that Alambic reads; one line says why"})
public final class InspectCommand implements Callable<Integer> {
  private static final int INVALID = 2;

  @Parameters(paramLabel = "MODEL_DIR", description = "A Hugging Face folder")
  private Path folder;

  @Option(
      names = {"-o", "--output"},
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private OutputFormat output = OutputFormat.text;

  @Override
  public Integer call() {
    try {
      ModelReport report = report(folder);
      System.out.print(output == OutputFormat.json ? RunJson.write(report) + "\n" : report.text());
      return 0;
    } catch (RunException e) {
      System.err.println("error: " + e.getMessage());
      return INVALID;
    }
  }

  static ModelReport report(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new RunException(ExitCode.NO_INPUT, folder + ": no such folder");
    }
    HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE_NAME));
    WeightFiles files = WeightFiles.of(folder);
    return ModelReport.of(config, GenerationConfig.specialTokens(folder, config), files);
  }
}
