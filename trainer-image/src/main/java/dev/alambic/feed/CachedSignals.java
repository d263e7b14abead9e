package dev.alambic.feed;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.SignalSize;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalException;
import dev.alambic.signal.cache.SignalCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals from a cache, and from a teacher what the cache doesn't have; that is kept. A damaged
 * record is one that isn't there, and a volume that takes no more only stops the keeping: neither
 * changes what is learnt.
 */
public final class CachedSignals implements SignalSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CachedSignals.class);

  private final SignalCache cache;
  private final SignalCodec codec;
  private final SignalSource teacher;
  private final boolean mustKeep;
  private volatile boolean keeping = true;

  /**
   * Signals of one fingerprint; closes the cache.
   *
   * @param codec of the cache's fingerprint, which is the teacher's
   * @param teacher asked for what isn't there
   * @param mustKeep whether the keeping is the purpose: then a volume that takes no more is an end
   */
  private CachedSignals(
      SignalCache cache, SignalCodec codec, SignalSource teacher, boolean mustKeep) {
    this.cache = cache;
    this.codec = codec;
    this.teacher = teacher;
    this.mustKeep = mustKeep;
  }

  /** Signals for a run, which continues when the volume is full. */
  public CachedSignals(SignalCache cache, SignalCodec codec, SignalSource teacher) {
    this(cache, codec, teacher, false);
  }

  /**
   * Signals to be kept: {@link #score} fails with a {@link RunException} (IO) when the volume takes
   * no more.
   */
  public static CachedSignals filling(SignalCache cache, SignalCodec codec, SignalSource teacher) {
    return new CachedSignals(cache, codec, teacher, true);
  }

  @Override
  public CompletableFuture<List<Signal>> score(List<int[]> sequences) throws InterruptedException {
    Signal[] signals = sequences.stream().map(this::find).toArray(Signal[]::new);
    List<Integer> missing =
        IntStream.range(0, signals.length).filter(i -> signals[i] == null).boxed().toList();
    if (missing.isEmpty()) {
      return CompletableFuture.completedFuture(Arrays.asList(signals));
    }
    List<int[]> asked = missing.stream().map(sequences::get).toList();
    return teacher
        .score(asked)
        .thenApply(
            answers -> {
              for (int i = 0; i < asked.size(); i++) {
                signals[missing.get(i)] = answers.get(i);
              }
              keep(asked, answers);
              return new ArrayList<>(Arrays.asList(signals));
            });
  }

  /** How many sequences to ask for at a time, as their records are in memory. */
  int atOnce(int positions, int most) {
    return (int)
        Math.max(1, Math.min(most, SignalSize.MOST_RECORD_BYTES / codec.largestRecord(positions)));
  }

  private Signal find(int[] sequence) {
    long key = Draws.sequenceKey(sequence);
    try {
      byte[] record = cache.find(key);
      return record == null ? null : codec.decode(record, sequence.length - 1, key);
    } catch (SignalException | IOException e) {
      LOG.warn("signal cache: {}; asking the teacher", e.getMessage());
      return null;
    }
  }

  private void keep(List<int[]> sequences, List<Signal> signals) {
    try {
      for (int i = 0; i < sequences.size() && keeping; i++) {
        long key = Draws.sequenceKey(sequences.get(i));
        cache.add(key, codec.encode(signals.get(i), key));
      }
    } catch (IOException e) {
      if (mustKeep) {
        throw new RunException(ExitCode.IO, "the signal cache cannot be written: " + e, e);
      }
      keeping = false;
      LOG.warn("signal cache: keeps no more: {}", e.toString());
    }
  }

  @Override
  public void close() {
    try {
      cache.close();
    } catch (IOException e) {
      if (mustKeep) {
        throw new RunException(ExitCode.IO, "the signal cache cannot be written: " + e, e);
      }
      LOG.warn("signal cache: {}", e.toString());
    }
  }
}
