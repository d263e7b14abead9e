package dev.alambic.cli.model;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.cli.text.FactTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.operator.plan.MemoryEstimate;
import dev.alambic.operator.plan.ServingMemory;
import dev.alambic.operator.plan.Trainers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a model's folder holds, for people and, as JSON, for programs; sizes in bytes.
 *
 * @param family {@code model_type} of its {@code config.json}
 * @param parameters all of them; an embedding that input and output share counts once
 * @param embeddingParameters of the embedding, and of a head of its own
 * @param dtype of the stored weights, as {@code config.json} says
 * @param memory what it takes
 */
public record ModelReport(
    String family,
    long parameters,
    long embeddingParameters,
    DecoderConfig shape,
    String dtype,
    WeightFiles files,
    SpecialTokens specialTokens,
    Memory memory) {

  private static final int TRAINING_SEQUENCE = 4096;

  /**
   * Memory of one device, in bytes, in BF16.
   *
   * @param context tokens of the one sequence that is served: all that the model reads
   * @param serve weights, and keys and values of that sequence
   * @param trainingSequence tokens of the one sequence of a micro-batch
   * @param train weights, gradients, optimizer, and that sequence's activations, recomputed
   */
  record Memory(int context, ServingMemory serve, int trainingSequence, MemoryEstimate train) {}

  public static ModelReport of(
      HuggingFaceConfig config, SpecialTokens specialTokens, WeightFiles files) {
    DecoderConfig shape = config.decoder();
    int context = shape.positions().contextLength();
    int sequence = Math.min(context, TRAINING_SEQUENCE);
    return new ModelReport(
        shape.family().modelType(),
        shape.parameters(),
        shape.embeddingParameters() + shape.headParameters(),
        shape,
        config.dtype(),
        files,
        specialTokens,
        new Memory(
            context,
            ServingMemory.of(shape, Precision.BF16, context),
            sequence,
            MemoryEstimate.of(shape, Precision.BF16, Trainers.ONE, 1, sequence, true)));
  }

  /** One fact a line. */
  public String text() {
    FactTable table = new FactTable();
    table.add("family", family);
    table.add(
        "parameters",
        "%s (%d), %s of them embedding%s"
            .formatted(
                Count.format(parameters),
                parameters,
                Count.format(embeddingParameters),
                shape.vocabulary().tied() ? ", shared with the head" : " and head"));
    table.add("layers", layers());
    table.add("hidden size", String.valueOf(shape.hiddenSize()));
    table.add(
        "attention",
        "%d heads of %d, %d of keys and values"
            .formatted(
                shape.attention().heads(),
                shape.attention().headSize(),
                shape.attention().keyValueHeads()));
    table.add("feed-forward", shape.feedForward().size() + " wide");
    table.add("context", shape.positions().contextLength() + " tokens");
    table.add("vocabulary", shape.vocabulary().size() + " tokens");
    table.add("special tokens", specialTokensText());
    table.add("dtype", dtype);
    table.add("files", filesText());
    table.add(
        "to serve",
        "%s in BF16, and %s for a sequence of %d tokens"
            .formatted(
                bytes(memory.serve().weights()), bytes(memory.serve().cache()), memory.context()));
    table.add(
        "to train",
        "%s in BF16, a sequence of %d tokens at a time"
            .formatted(bytes(memory.train().total()), memory.trainingSequence()));
    return table.print();
  }

  private String layers() {
    int sliding = shape.positions().slidingLayers().size();
    return sliding == 0
        ? shape.layers() + ", all global"
        : "%d, %d of them see %d tokens back"
            .formatted(shape.layers(), sliding, shape.positions().slidingWindow());
  }

  private String specialTokensText() {
    return "begin %s, end %s, padding %s"
        .formatted(
            named(specialTokens.begin()),
            specialTokens.end().isEmpty()
                ? "none"
                : specialTokens.end().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" or ")),
            named(specialTokens.padding()));
  }

  private static String named(Integer id) {
    return id == null ? "none" : id.toString();
  }

  private String filesText() {
    List<String> names = files.names();
    return "%s in %s"
        .formatted(
            bytes(files.bytes()),
            names.size() == 1 ? names.get(0) : names.size() + " files of safetensors");
  }

  /** In powers of ten, as disks and GPUs are sold. */
  private static String bytes(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    }
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
