package dev.alambic.corpus;

import dev.alambic.corpus.TokenCache.Made;
import dev.alambic.corpus.TokenIndex.Entry;
import dev.alambic.corpus.text.Passage;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The text that is trained on, tokenised window by window when a window is asked for or prepared.
 * Two windows are in memory: the one in use and the next.
 */
final class WindowedText implements SequenceWindows {
  private static final int IN_MEMORY = 2;

  private final CorpusReading reading;
  private final BlockPlan plan;
  private final Predicate<Passage> wanted;
  private final TokenCache cache;
  private final int sequenceLength;
  private final Integer beginOfText;
  private final Map<Long, CompletableFuture<Made>> made = new LinkedHashMap<>();
  private volatile TokenIndex known;

  /**
   * Text in windows.
   *
   * @param wanted whether a passage is trained on
   * @param beginOfText or null for a family that has none
   */
  WindowedText(
      CorpusReading reading,
      BlockPlan plan,
      Predicate<Passage> wanted,
      TokenCache cache,
      int sequenceLength,
      Integer beginOfText) {
    this.reading = reading;
    this.plan = plan;
    this.wanted = wanted;
    this.cache = cache;
    this.sequenceLength = sequenceLength;
    this.beginOfText = beginOfText;
  }

  @Override
  public long windows() {
    return plan.windows();
  }

  @Override
  public long count(long window) {
    return ArraySequences.count(tokenCount(window), sequenceLength);
  }

  /** Tokens in a window, from the cache's index if it is known. */
  long tokenCount(long window) {
    Entry entry = known == null ? null : known.entry(window);
    if (entry == null) {
      known = Background.result(Background.start(this::index));
      entry = known.entry(window);
    }
    return entry == null ? tokens(window).tokens().length : entry.tokens();
  }

  /**
   * Read again only when a window is not in it: a resumed run asks for each one before its own, and
   * at 2T tokens that is 250 thousand times an index of 12 MB.
   */
  private TokenIndex index() {
    try {
      return cache.index();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public PackedSequences window(long window) {
    return new ArraySequences(tokens(window).tokens(), sequenceLength, beginOfText);
  }

  @Override
  public void prepare(long window) {
    CompletableFuture<Made> unused = begin(window);
  }

  /**
   * The tokens of a window.
   *
   * @throws RunException DATA if its text is unusable; IO if text or cache cannot be read or
   *     written, or the text has changed
   */
  Made tokens(long window) {
    return Background.result(begin(window));
  }

  private synchronized CompletableFuture<Made> begin(long window) {
    CompletableFuture<Made> future = made.remove(window);
    if (future == null || future.isCompletedExceptionally()) {
      future = Background.start(() -> make(window));
    }
    made.put(window, future);
    if (made.size() > IN_MEMORY) {
      made.remove(made.keySet().iterator().next());
    }
    return future;
  }

  private Made make(long window) {
    try {
      Entry before = cache.index().entry(window);
      Made tokens = cache.get(window, alive -> reading.tokens(plan.window(window), wanted, alive));
      requireSame(before, tokens);
      return tokens;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Another number of tokens would move all that come after. */
  private static void requireSame(Entry before, Made tokens) {
    if (before != null && before.tokens() != tokens.tokens().length) {
      throw new RunException(
          ExitCode.IO,
          "the corpus has changed: window %d had %d tokens and has %d; start again"
              .formatted(before.id(), before.tokens(), tokens.tokens().length));
    }
  }

  private static RunException failed(IOException e) {
    return new RunException(ExitCode.IO, "the tokenised corpus cannot be kept: " + e, e);
  }
}
