package dev.alambic.bench.load;

import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Time and peak memory of loading a sharded model, ours beside transformers', in turn. */
@Command(
    name = "load",
    description = "Time and peak memory of loading a large sharded model, beside transformers'")
public final class LoadCommand extends Benchmark {
  @Option(names = "--gigabytes", description = "Size of the model")
  private double gigabytes = 3;

  @Option(names = "--rounds", description = "Loads of each")
  private int rounds = 3;

  @Option(names = "--python", description = "One with transformers; without it only ours is loaded")
  private Path python;

  @Option(names = "--work", description = "Folder for the model")
  private Path work = Path.of("runs", "bench", "load");

  @Override
  protected String measure() throws IOException, InterruptedException {
    DecoderConfig shape = RandomFolder.shape((long) (gigabytes * 1e9));
    Path model = work.resolve(String.format(Locale.ROOT, "model-%.1f", gigabytes));
    if (!Files.exists(model)) {
      System.err.println("writing " + model);
      RandomFolder.write(model, shape);
    }
    List<LoadOne.Result> ours = new ArrayList<>();
    List<LoadOne.Result> theirs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ours.add(run(FreshJvm.command(LoadOne.class, model.toString())));
      if (python != null) {
        theirs.add(run(List.of(python.toString(), script().toString(), model.toString())));
      }
    }
    MarkdownTable table =
        new MarkdownTable(
            "loaded by | seconds, median %.2f | model, GB %.3f | added at the peak, GB %.3f"
                + " | added / model %.3f | VmHWM, GB %.3f");
    row(table, "Alambic", 2 * shape.parameters(), ours);
    if (python != null) {
      row(table, "transformers", 2 * shape.parameters(), theirs);
    }
    return table.text();
  }

  private Path script() throws IOException {
    Path script = work.resolve("load.py");
    try (InputStream in = LoadCommand.class.getResourceAsStream("load.py")) {
      Files.copy(Objects.requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
    }
    return script;
  }

  private static LoadOne.Result run(List<String> command) throws IOException, InterruptedException {
    return RunJson.read(FreshJvm.output(command), LoadOne.Result.class);
  }

  /** The median time, and the worst memory. */
  private static void row(MarkdownTable table, String who, long size, List<LoadOne.Result> loads) {
    double seconds =
        loads.stream().map(LoadOne.Result::seconds).sorted().toList().get(loads.size() / 2);
    LoadOne.Result worst =
        loads.stream().max(Comparator.comparingLong(LoadOne.Result::added)).orElseThrow();
    table.row(
        who,
        seconds,
        size / 1e9,
        worst.added() / 1e9,
        (double) worst.added() / size,
        worst.highWaterMark() / 1e9);
  }
}
