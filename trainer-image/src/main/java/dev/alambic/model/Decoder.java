package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.AttentionBias;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family.Trait;
import dev.alambic.torch.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder on a device. Java keeps the loop over layers, TorchScript does the maths of one.
 * Records gradients if the calling thread does.
 */
public final class Decoder implements AutoCloseable {
  private static final int UNLIMITED = Integer.MAX_VALUE / 2;

  private final NDManager manager;
  private final DecoderConfig config;
  private final DecoderParameters parameters;
  private final long dtype;
  private final Program program;
  private Residence residence = Residence.ALWAYS;
  private Rope rope;
  private Rope slidingRope;

  /**
   * A decoder that computes in {@code precision}; it takes over the manager that its parameters are
   * on, and closes it.
   */
  public Decoder(
      NDManager manager, DecoderConfig config, DecoderParameters parameters, Precision precision) {
    this.manager = manager;
    this.config = config;
    this.parameters = parameters;
    this.dtype = DType.of(precision).torchCode();
    this.program = Program.load(manager, "decoder");
  }

  /**
   * A decoder that only answers and is never trained: its parameters are held in {@code precision},
   * so that it takes its own size in memory and no more.
   */
  public static Decoder frozen(NDManager manager, ModelFolder model, Precision precision) {
    DecoderConfig config = model.decoder();
    DecoderParameters parameters = DecoderWeights.load(manager, config, precision, model.tensors());
    return new Decoder(manager, config, parameters, precision);
  }

  public DecoderConfig config() {
    return config;
  }

  public DecoderParameters parameters() {
    return parameters;
  }

  public NDManager manager() {
    return manager;
  }

  /**
   * The final hidden states.
   *
   * @param scope the result and all that is between live as long as this
   * @param ids {@code [batch, time]}, int64
   * @return {@code [batch, time, hidden]}, after the final norm
   */
  public NDArray hidden(NDManager scope, NDArray ids) {
    NDArray x = embed(scope, ids);
    for (int layer = 0; layer < config.layers(); layer++) {
      x = layer(scope, layer, x);
    }
    return finalNorm(scope, x);
  }

  /** The scaled embeddings {@code [batch, time, hidden]} of {@code ids [batch, time]}. */
  public NDArray embed(NDManager scope, NDArray ids) {
    return program.call(
        scope, "embed", ids, parameters.embedding(), dtype, has(Trait.SCALED_EMBEDDING));
  }

  /** One layer: {@code [batch, time, hidden]} in and out. */
  public NDArray layer(NDManager scope, int layer, NDArray x) {
    prepareRopes((int) x.getShape().get(1));
    return layer(scope, layer, x, List.of(), 0, 0);
  }

  /**
   * Memory for going on with prompts.
   *
   * @param lengths tokens of each prompt, one or more
   * @param more tokens that may follow the longest of them
   */
  public KeyValueCache cache(int[] lengths, int more) {
    int longest = Arrays.stream(lengths).max().orElseThrow();
    NDManager memory = manager.newSubManager();
    NDArray device = memory.zeros(new Shape());
    List<KeyValueCache.Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      int slots = longest + more;
      if (config.slides(layer)) {
        slots = Math.min(slots, config.positions().slidingWindow());
      }
      NDArray keys = cacheTensor(memory, device, lengths.length, slots);
      layers.add(new KeyValueCache.Layer(keys, cacheTensor(memory, device, lengths.length, slots)));
    }
    return new KeyValueCache(memory, layers, lengths, longest, longest + more);
  }

  /**
   * Memory for sequences that come and go: a row whose sequence is done takes another one, by
   * {@link KeyValueCache#restart} and {@link #prefill}.
   *
   * @param rows sequences at once
   * @param slots most tokens of a sequence
   */
  public KeyValueCache ring(int rows, int slots) {
    int[] lengths = new int[rows];
    Arrays.fill(lengths, slots);
    KeyValueCache cache = cache(lengths, 0);
    cache.clear();
    return cache;
  }

  /** Lets go of all rows of a cache but these, which move together in this order. */
  public void keep(KeyValueCache cache, int[] rows) {
    cache.keep(rows, (memory, old, index) -> program.call(memory, "keep", old, index));
  }

  private NDArray cacheTensor(NDManager memory, NDArray device, int batch, int slots) {
    return program.call(
        memory,
        "cache",
        device,
        batch,
        config.attention().keyValueHeads(),
        slots,
        config.attention().headSize(),
        dtype);
  }

  /**
   * Reads a prompt into a row of a cache.
   *
   * @param ids {@code [1, time]}, int64, of the length given for this row
   * @return {@code [1, time, hidden]}, after the final norm: the same as {@link #hidden}
   */
  public NDArray prefill(NDManager scope, NDArray ids, KeyValueCache cache, int row) {
    prepareRopes((int) ids.getShape().get(1));
    return through(scope, ids, cache, row, cache.begin(row));
  }

  /**
   * Decodes one more token of each sequence, after all prompts have been read.
   *
   * @param ids {@code [batch, 1]}, int64
   * @return {@code [batch, 1, hidden]}, after the final norm
   * @throws IllegalStateException if the cache is full
   */
  public NDArray step(NDManager scope, NDArray ids, KeyValueCache cache) {
    if (cache.isFull()) {
      throw new IllegalStateException("the cache is full: " + cache.slots() + " tokens");
    }
    prepareRopes(cache.slots());
    NDArray hidden = through(scope, ids, cache, -1, cache.index());
    cache.advance();
    return hidden;
  }

  private NDArray through(NDManager scope, NDArray ids, KeyValueCache cache, int row, int first) {
    NDArray x = embed(scope, ids);
    for (int layer = 0; layer < config.layers(); layer++) {
      x = layer(scope, layer, x, cache.tensors(layer), row, first);
    }
    return finalNorm(scope, x);
  }

  /** Whether a layer's weights are in memory; they may be elsewhere while they are not needed. */
  public interface Residence {
    /** They are there all the time. */
    Residence ALWAYS =
        new Residence() {
          @Override
          public void needed(int layer) {}

          @Override
          public void used(int layer) {}
        };

    /** The layer is about to be computed. */
    void needed(int layer);

    /** The layer has been computed. */
    void used(int layer);
  }

  /** Tells where layers' weights come from and go to. */
  public void reside(Residence residence) {
    this.residence = residence;
  }

  private NDArray layer(
      NDManager scope, int layer, NDArray x, List<NDArray> cache, int row, int first) {
    residence.needed(layer);
    try {
      return compute(scope, layer, x, cache, row, first);
    } finally {
      residence.used(layer);
    }
  }

  private NDArray compute(
      NDManager scope, int layer, NDArray x, List<NDArray> cache, int row, int first) {
    Rope turns = config.slides(layer) ? slidingRope : rope;
    return program.call(
        scope,
        "layer",
        x,
        parameters.layers().get(layer),
        turns.cos(),
        turns.sin(),
        config.attention().heads(),
        config.attention().keyValueHeads(),
        config.attention().headSize(),
        config.feedForward().size(),
        config.slides(layer) ? config.positions().slidingWindow() : UNLIMITED,
        config.attention().softCap(),
        1 / Math.sqrt(config.attention().queryScale()),
        config.normEpsilon(),
        normCentre(),
        has(Trait.NORMS_AFTER_BLOCKS),
        has(Trait.QUERY_KEY_NORMS),
        has(Trait.GELU),
        config.attention().bias() != AttentionBias.None,
        config.attention().bias() == AttentionBias.All,
        config.feedForward().bias(),
        cache,
        row,
        first);
  }

  private boolean has(Trait trait) {
    return config.family().has(trait);
  }

  /** What a norm adds to its weight. */
  private double normCentre() {
    return has(Trait.NORMS_AROUND_IDENTITY) ? 1 : 0;
  }

  /** The final norm: {@code [batch, time, hidden]} in and out. */
  public NDArray finalNorm(NDManager scope, NDArray x) {
    return program.call(
        scope, "rms_norm", x, parameters.norm(), normCentre(), config.normEpsilon());
  }

  /**
   * Logits over the vocabulary, soft-capped.
   *
   * @param hidden {@code [n, hidden]}
   * @return float32 {@code [n, vocabulary]}
   */
  public NDArray logits(NDManager scope, NDArray hidden) {
    return program.call(scope, "logits", hidden, parameters.head(), config.vocabulary().softCap());
  }

  /** The same before the soft-cap. */
  public NDArray uncappedLogits(NDManager scope, NDArray hidden) {
    return program.call(scope, "logits", hidden, parameters.head(), 0.0);
  }

  /** A batch of sequences as a tensor {@code [batch, length]}, int64; 0 after the shorter ones. */
  public static NDArray ids(NDManager scope, List<int[]> sequences, int length) {
    long[] ids = new long[sequences.size() * length];
    for (int s = 0; s < sequences.size(); s++) {
      for (int i = 0; i < length; i++) {
        ids[s * length + i] = i < sequences.get(s).length ? sequences.get(s)[i] : 0;
      }
    }
    return scope.create(ids, new Shape(sequences.size(), length));
  }

  private void prepareRopes(int time) {
    if (rope != null && rope.time() >= time) {
      return;
    }
    if (rope != null) {
      rope.close();
      slidingRope.close();
    }
    rope = Rope.tables(manager, config.positions().rotary(), config.attention().headSize(), time);
    slidingRope =
        Rope.tables(
            manager, config.positions().slidingRotary(), config.attention().headSize(), time);
  }

  @Override
  public void close() {
    program.close();
    manager.close();
  }
}
