package dev.alambic.bench.load;

import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Provenance;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Time and peak memory of loading a sharded model, ours beside transformers', in turn. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Time and peak memory of loading a large sharded model, beside transformers'")
public final class LoadCommand implements Callable<Integer> {
  @Option(names = "--gigabytes", description = "Size of the model (default: ${DEFAULT-VALUE})")
  private double gigabytes = 3;

  @Option(names = "--rounds", description = "Loads of each (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--python",
      description = "A python with torch and transformers (default: ours alone is measured)")
  private Path python;

  @Option(names = "--work", description = "Folder for the model (default: ${DEFAULT-VALUE})")
  private Path work = Path.of("runs", "bench", "load");

  @Override
  public Integer call() throws IOException, InterruptedException {
    DecoderConfig shape = RandomFolder.shape((long) (gigabytes * 1e9));
    Path model = work.resolve(String.format(Locale.ROOT, "model-%.1f", gigabytes));
    if (!Files.exists(model)) {
      System.err.println("writing " + model);
      RandomFolder.write(model, shape);
    }
    List<LoadResult> ours = new ArrayList<>();
    List<LoadResult> theirs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ours.add(run(FreshJvm.command(LoadOne.class, model.toString())));
      if (python != null) {
        theirs.add(run(List.of(python.toString(), script().toString(), model.toString())));
      }
    }
    print(2 * shape.parameters(), ours, theirs);
    return 0;
  }

  private Path script() throws IOException {
    Path script = work.resolve("load.py");
    try (InputStream in = LoadCommand.class.getResourceAsStream("load.py")) {
      Files.copy(Objects.requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
    }
    return script;
  }

  private static LoadResult run(List<String> command) throws IOException, InterruptedException {
    return RunJson.read(FreshJvm.output(command), LoadResult.class);
  }

  private void print(long size, List<LoadResult> ours, List<LoadResult> theirs) {
    System.out.println(
        Provenance.now(
                "bench/run load --gigabytes %s --rounds %d%s"
                    .formatted(gigabytes, rounds, python == null ? "" : " --python PYTHON"))
            .text());
    MarkdownTable table =
        new MarkdownTable(
            "loaded by",
            "seconds, median",
            "model, GB",
            "added at the peak, GB",
            "added / model",
            "VmHWM, GB");
    row(table, "Alambic", size, ours);
    if (!theirs.isEmpty()) {
      row(table, "transformers", size, theirs);
    }
    System.out.print(table.text());
  }

  /** The median time, and the worst memory. */
  private static void row(MarkdownTable table, String who, long size, List<LoadResult> loads) {
    double seconds =
        loads.stream().map(LoadResult::seconds).sorted().toList().get(loads.size() / 2);
    LoadResult worst =
        loads.stream().max(Comparator.comparingLong(LoadResult::added)).orElseThrow();
    table.row(
        who,
        String.format(Locale.ROOT, "%.2f", seconds),
        gigabytes(size),
        gigabytes(worst.added()),
        String.format(Locale.ROOT, "%.3f", (double) worst.added() / size),
        gigabytes(worst.highWaterMark()));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.3f", bytes / 1e9);
  }
}
