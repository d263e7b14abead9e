package dev.alambic.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.TrainingOrder;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.cache.SignalCache;
import dev.alambic.train.TestSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FillTest {
  private static final Fingerprint FINGERPRINT =
      SignalFixtures.sampled(TestSpecs.VOCABULARY, TestSpecs.DRAWS);
  private static final Corpus CORPUS = TestSpecs.corpus();

  @TempDir private Path folder;
  private final List<Long> asked = new ArrayList<>();
  private final SignalSource teacher =
      sequences -> {
        sequences.forEach(tokens -> asked.add(Draws.sequenceKey(tokens)));
        return CompletableFuture.completedFuture(
            sequences.stream().map(TestSpecs::signal).toList());
      };

  private CachedSignals cache(SignalSource source) throws IOException {
    SignalCache cache = SignalCache.open(folder.resolve("signals"), FINGERPRINT, System::nanoTime);
    return CachedSignals.filling(cache, new SignalCodec(FINGERPRINT), source);
  }

  private static Fill fill(RunSpec spec, CachedSignals signals, int index, int of) {
    return new Fill(RunSequences.of(spec, CORPUS), signals, new Fill.Shard(index, of));
  }

  /** What a trainer of this run asks a teacher for. */
  private static Set<Long> needed(RunSpec spec) {
    Set<Long> keys = new HashSet<>();
    RunSequences.heldOut(spec, CORPUS).forEach(tokens -> keys.add(Draws.sequenceKey(tokens)));
    RunSpec.Training training = spec.training();
    TrainingOrder order = RunSequences.order(spec, CORPUS);
    for (long i = 0; i < training.steps() * training.batchSequences(); i++) {
      keys.add(Draws.sequenceKey(order.sequence(i)));
    }
    return keys;
  }

  /** Less than an epoch of 40 sequences, one and a fifth, and five. */
  @ParameterizedTest
  @ValueSource(longs = {2, 6, 25})
  void theShardsTogetherAskForAllThatTheRunNeedsEachOnce(long steps) throws Exception {
    RunSpec spec = TestSpecs.run(folder, steps);
    for (int shard = 0; shard < 3; shard++) {
      try (CachedSignals signals = cache(teacher)) {
        assertThat(fill(spec, signals, shard, 3).run(() -> false, done -> {})).isTrue();
      }
    }
    assertThat(asked).doesNotHaveDuplicates();
    assertThat(new HashSet<>(asked)).isEqualTo(needed(spec));
  }

  @Test
  void anInterruptedShardGoesOnWhereItWas() throws Exception {
    RunSpec spec = TestSpecs.run(folder, 25);
    AtomicInteger polls = new AtomicInteger();
    try (CachedSignals signals = cache(teacher)) {
      assertThat(fill(spec, signals, 0, 1).run(() -> polls.incrementAndGet() > 3, done -> {}))
          .isFalse();
    }
    assertThat(asked).hasSize(24);
    List<Long> done = new ArrayList<>();
    try (CachedSignals signals = cache(teacher)) {
      Fill rest = fill(spec, signals, 0, 1);
      assertThat(rest.run(() -> false, done::add)).isTrue();
      assertThat(done.get(done.size() - 1)).isEqualTo(46);
    }
    assertThat(asked).hasSize(46).doesNotHaveDuplicates();
  }

  @Test
  void aShardWithoutSequencesIsDone() throws Exception {
    RunSpec spec = TestSpecs.run(folder, 2);
    try (CachedSignals signals = cache(teacher)) {
      Fill none = fill(spec, signals, 100, 101);
      assertThat(none.most()).isZero();
      assertThat(none.run(() -> false, done -> {})).isTrue();
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aTeacherThatKnowsNoTextIsRefusedByItsHeldOutSequencesAlone() throws Exception {
    RunSpec spec = TestSpecs.run(folder, 25);
    SignalSource broken =
        sequences -> {
          List<Signal> said =
              sequences.stream()
                  .map(
                      tokens ->
                          (Signal)
                              SignalFixtures.sampledSignal(
                                  FINGERPRINT, tokens.length - 1, new SplittableRandom(1)))
                  .toList();
          said.forEach(signal -> java.util.Arrays.fill(signal.labelLogProbability(), -9f));
          asked.addAll(sequences.stream().map(Draws::sequenceKey).toList());
          return CompletableFuture.completedFuture(said);
        };
    try (CachedSignals signals = cache(broken)) {
      Fill fill = fill(spec, signals, 0, 1);
      assertThatThrownBy(() -> fill.examine("t", CORPUS.sample(), TestSpecs.VOCABULARY))
          .isInstanceOfSatisfying(
              RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
          .hasMessageStartingWith("teacher t: its loss on the held-out text is 9.000 nats");
    }
    assertThat(asked).hasSize(6);
  }

  @Test
  void aVolumeThatTakesNoMoreIsAnEnd() throws Exception {
    RunSpec spec = TestSpecs.run(folder, 25);
    CachedSignals signals = cache(teacher);
    try (var files = Files.walk(folder.resolve("signals"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(() -> fill(spec, signals, 0, 1).run(() -> false, done -> {}))
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IO))
        .hasMessageContaining("the signal cache cannot be written");
  }
}
