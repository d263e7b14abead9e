package dev.alambic.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.cache.SignalCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CachedSignalsTest {
  private static final int VOCABULARY = 300;

  @TempDir private Path root;
  private final List<int[]> asked = new ArrayList<>();

  static Stream<Fingerprint> fingerprints() {
    return Stream.of(
        SignalFixtures.sampled(VOCABULARY, 10),
        SignalFixtures.topK(VOCABULARY, 8),
        SignalFixtures.dense(VOCABULARY));
  }

  /** What comes over the network: a record, decoded. */
  private SignalSource teacher(Fingerprint fingerprint) {
    SignalCodec codec = new SignalCodec(fingerprint);
    return sequences -> {
      asked.addAll(sequences);
      return CompletableFuture.completedFuture(
          sequences.stream().map(tokens -> signal(fingerprint, codec, tokens)).toList());
    };
  }

  private static Signal signal(Fingerprint fingerprint, SignalCodec codec, int[] tokens) {
    long key = Draws.sequenceKey(tokens);
    SplittableRandom random = new SplittableRandom(key);
    int positions = tokens.length - 1;
    Signal said =
        switch (fingerprint.settings().encoding()) {
          case Dense -> SignalFixtures.denseSignal(fingerprint, positions, random);
          case Sampled -> SignalFixtures.sampledSignal(fingerprint, positions, random);
          case TopK -> SignalFixtures.topKSignal(fingerprint, positions, random);
          case Label -> LabelSignal.of(SignalFixtures.denseSignal(fingerprint, positions, random));
        };
    return codec.decode(codec.encode(said, key), positions, key);
  }

  private CachedSignals open(Fingerprint fingerprint) throws IOException {
    return new CachedSignals(
        SignalCache.open(root, fingerprint, System::nanoTime),
        new SignalCodec(fingerprint),
        teacher(fingerprint));
  }

  private static List<int[]> sequences(int from, int to) {
    List<int[]> sequences = new ArrayList<>();
    for (int i = from; i < to; i++) {
      sequences.add(new SplittableRandom(i).ints(6, 0, VOCABULARY).toArray());
    }
    return sequences;
  }

  @ParameterizedTest
  @MethodSource("fingerprints")
  void aSecondJobAsksNothingAndLearnsTheSameBits(Fingerprint fingerprint) throws Exception {
    List<Signal> first;
    try (CachedSignals signals = open(fingerprint)) {
      first = signals.score(sequences(0, 4)).get();
    }
    assertThat(asked).hasSize(4);
    try (CachedSignals signals = open(fingerprint)) {
      assertThat(signals.score(sequences(0, 4)).get()).usingRecursiveComparison().isEqualTo(first);
    }
    assertThat(asked).hasSize(4);
  }

  @Test
  void onlyWhatIsMissingIsAskedAndTheOrderStays() throws Exception {
    Fingerprint fingerprint = SignalFixtures.sampled(VOCABULARY, 10);
    try (CachedSignals signals = open(fingerprint)) {
      signals.score(sequences(2, 4)).get();
      asked.clear();
      List<Signal> all = signals.score(sequences(0, 6)).get();
      assertThat(asked).hasSize(4);
      SignalCodec codec = new SignalCodec(fingerprint);
      List<Signal> expected =
          sequences(0, 6).stream().map(tokens -> signal(fingerprint, codec, tokens)).toList();
      assertThat(all).usingRecursiveComparison().isEqualTo(expected);
    }
  }

  @Test
  void aDamagedRecordIsAskedAgain() throws Exception {
    Fingerprint fingerprint = SignalFixtures.sampled(VOCABULARY, 10);
    try (CachedSignals signals = open(fingerprint)) {
      signals.score(sequences(0, 1)).get();
    }
    try (Stream<Path> files = Files.walk(root)) {
      Path block = files.filter(file -> file.toString().endsWith(".block")).findFirst().get();
      byte[] bytes = Files.readAllBytes(block);
      bytes[100] ^= 1;
      Files.write(block, bytes);
    }
    asked.clear();
    try (CachedSignals signals = open(fingerprint)) {
      assertThat(signals.score(sequences(0, 1)).get()).hasSize(1).doesNotContainNull();
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void aVolumeThatTakesNoMoreStopsOnlyTheKeeping() throws Exception {
    Fingerprint fingerprint = SignalFixtures.sampled(VOCABULARY, 10);
    try (CachedSignals signals = open(fingerprint)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      assertThat(signals.score(sequences(0, 2)).get()).hasSize(2);
      assertThat(signals.score(sequences(0, 2)).get()).hasSize(2);
    }
    assertThat(asked).hasSize(4);
  }
}
