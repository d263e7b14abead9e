package dev.alambic.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.signal.Draws;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.torch.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * A teacher that is one of this house's decoders. Each sequence has its own forward pass: kernels
 * pick their order of summation by the shape of a batch, so that a sequence scored beside others
 * differs in its last bits (in bfloat16 on a CPU a fifth of the hidden states did), and its draws
 * with them, by whoever happened to ask at the same time. Logits are made for a chunk of positions
 * at a time, signals of a slice of these, and what is drawn from them leaves the device, not they.
 */
public final class DecoderScorer implements Scorer {
  /** Logits of one chunk: 16 MiB in float32, or those of {@link #LEAST_CHUNK} positions. */
  private static final int CHUNK_ELEMENTS = 1 << 22;

  /** Positions under which the head takes longer to read than to multiply by. */
  private static final int LEAST_CHUNK = 256;

  /** Logits of one slice: 512 KiB in float32, which stay in a core's cache from pass to pass. */
  private static final int CPU_SLICE_ELEMENTS = 1 << 17;

  /** 64 MiB: what is made of them is as large several times over. */
  private static final int GPU_SLICE_ELEMENTS = 1 << 24;

  private final Decoder decoder;
  private final ModelDescription description;
  private final Program program;
  private final int chunkPositions;
  private final int slicePositions;

  /**
   * A scorer that takes over the decoder, and closes it. The calling thread must have been prepared
   * ({@link dev.alambic.torch.Torch#prepareThread}).
   */
  public DecoderScorer(Decoder decoder, ModelDigests digests) {
    this(
        decoder,
        digests,
        Math.max(LEAST_CHUNK, CHUNK_ELEMENTS / decoder.config().vocabulary().size()));
  }

  DecoderScorer(Decoder decoder, ModelDigests digests, int chunkPositions) {
    this.decoder = decoder;
    this.chunkPositions = chunkPositions;
    DecoderConfig config = decoder.config();
    boolean gpu = decoder.manager().getDevice().isGpu();
    int elements = gpu ? GPU_SLICE_ELEMENTS : CPU_SLICE_ELEMENTS;
    this.slicePositions = Math.max(1, elements / config.vocabulary().size());
    this.description =
        new ModelDescription(
            digests,
            config.family().modelType(),
            config.parameters(),
            config.vocabulary().size(),
            config.positions().contextLength(),
            config.vocabulary().softCap());
    this.program = Program.load(decoder.manager(), "signal");
  }

  @Override
  public ModelDescription describe() {
    return description;
  }

  @Override
  public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
    List<Signal> signals = new ArrayList<>(sequences.size());
    for (int[] sequence : sequences) {
      signals.add(score(sequence, settings));
    }
    return signals;
  }

  private Signal score(int[] sequence, SignalSettings settings) {
    int positions = sequence.length - 1;
    SignalBuffer buffer =
        new SignalBuffer(positions, settings.shared(description.vocabularySize()), settings);
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, List.of(sequence), positions);
      NDArray hidden = decoder.hidden(scope, ids).reshape(positions, -1);
      for (int from = 0; from < positions; from += chunkPositions) {
        int to = Math.min(positions, from + chunkPositions);
        try (NDManager part = scope.newSubManager()) {
          NDArray rows = hidden.get(new NDIndex("{}:{}", from, to));
          rows.attach(part);
          buffer.put(from, annotate(part, rows, sequence, from, settings));
        }
      }
    }
    return buffer.signal();
  }

  private NDList annotate(
      NDManager part, NDArray rows, int[] sequence, int from, SignalSettings settings) {
    int n = (int) rows.getShape().get(0);
    int vocabulary = settings.shared(description.vocabularySize());
    NDArray all = decoder.uncappedLogits(part, rows);
    NDArray logits =
        vocabulary == description.vocabularySize()
            ? all
            : all.get(new NDIndex(":, :{}", vocabulary));
    NDArray labels = labels(part, sequence, from, n);
    double cap = description.finalSoftCap();
    double temperature = settings.temperature();
    return switch (settings.encoding()) {
      case Dense -> program.callAll(part, "dense_signal", logits, labels, cap, temperature);
      case Label -> program.callAll(part, "label_signal", logits, labels, cap, temperature);
      case Sampled -> {
        NDArray uniforms = uniforms(part, sequence, from, n, settings);
        yield program.callAll(
            part, "sampled_signal", logits, labels, uniforms, cap, temperature, slicePositions);
      }
      case TopK -> {
        int size = Math.min(settings.size(), vocabulary);
        yield program.callAll(part, "top_k_signal", logits, labels, size, cap, temperature);
      }
    };
  }

  private static NDArray labels(NDManager part, int[] sequence, int from, int n) {
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      labels[i] = sequence[from + i + 1];
    }
    return part.create(labels);
  }

  private static NDArray uniforms(
      NDManager part, int[] sequence, int from, int n, SignalSettings settings) {
    int draws = settings.size();
    long key = Draws.sequenceKey(sequence);
    double[] uniforms = new double[n * draws];
    for (int i = 0; i < n; i++) {
      Draws.fill(uniforms, i * draws, settings.seed(), key, from + i, draws);
    }
    return part.create(uniforms, new Shape(n, draws));
  }

  @Override
  public void close() {
    program.close();
    decoder.close();
  }
}
