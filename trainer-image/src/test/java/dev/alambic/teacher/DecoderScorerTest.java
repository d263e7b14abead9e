package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.Draws;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.SignalMath;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;
import dev.alambic.torch.Torch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DecoderScorerTest {
  private static final int VOCABULARY = 300;
  private static final DecoderConfig CONFIG =
      DecoderConfig.gemma2(VOCABULARY, 32, 2, 4, 2, 8, 64, 8, 64, 10_000, 1e-6, 50, 30, 8);
  private static final SignalSettings SAMPLED =
      new SignalSettings(SignalEncoding.Sampled, 20, 5, 1.3);
  private static final SignalSettings DENSE = new SignalSettings(SignalEncoding.Dense, 0, 0, 1.3);

  private DecoderScorer scorer;

  @BeforeEach
  void load() {
    Torch.start(1);
    scorer = scorer(1000);
  }

  @AfterEach
  void unload() {
    scorer.close();
  }

  private static DecoderScorer scorer(int chunkPositions) {
    Torch.prepareThread();
    NDManager manager = Torch.newManager();
    DecoderParameters parameters = DecoderParameters.random(manager, CONFIG, 3);
    Decoder decoder = new Decoder(manager, CONFIG, parameters, Precision.FP32);
    return new DecoderScorer(decoder, SignalFixtures.MODEL, chunkPositions);
  }

  private static List<int[]> sequences(int... lengths) {
    SplittableRandom random = new SplittableRandom(8);
    List<int[]> sequences = new ArrayList<>();
    for (int length : lengths) {
      sequences.add(random.ints(length, 0, VOCABULARY).toArray());
    }
    return sequences;
  }

  private static double[] distribution(DenseSignal signal, int position) {
    double[] p = new double[VOCABULARY];
    for (int id = 0; id < VOCABULARY; id++) {
      p[id] = Math.exp(signal.logProbabilities()[position * VOCABULARY + id]);
    }
    return p;
  }

  @Test
  void describesTheModelOfTheDecoder() {
    assertThat(scorer.describe())
        .isEqualTo(
            new ModelDescription(
                SignalFixtures.MODEL, "gemma2", CONFIG.parameters(), VOCABULARY, 64, 30));
  }

  @Test
  void drawsAreThoseOfTheDenseDistribution() {
    List<int[]> sequences = sequences(2, 33, 65);
    List<Signal> sampled = scorer.score(sequences, SAMPLED);
    List<Signal> dense = scorer.score(sequences, DENSE);
    for (int s = 0; s < sequences.size(); s++) {
      int[] tokens = sequences.get(s);
      SampledSignal draws = (SampledSignal) sampled.get(s);
      DenseSignal distributions = (DenseSignal) dense.get(s);
      assertThat(draws.positions()).isEqualTo(tokens.length - 1);
      assertThat(draws.labelLogProbability()).isEqualTo(distributions.labelLogProbability());
      for (int i = 0; i < draws.positions(); i++) {
        double[] p = distribution(distributions, i);
        assertThat((double) draws.entropy()[i]).isCloseTo(SignalMath.entropy(p), within(1e-4));
        long key = Draws.sequenceKey(tokens);
        SignalMath.assertDrawn(p, Draws.uniforms(5, key, i, 20), expanded(draws, i));
      }
    }
  }

  private static int[] expanded(SampledSignal signal, int position) {
    List<Integer> ids = new ArrayList<>();
    for (int k = signal.offsets()[position]; k < signal.offsets()[position + 1]; k++) {
      ids.addAll(Collections.nCopies(signal.counts()[k], signal.ids()[k]));
    }
    return ids.stream().mapToInt(id -> id).toArray();
  }

  @Test
  void theLabelsProbabilityIsThatOfTheNextTokenAtTemperatureOne() {
    int[] tokens = sequences(12).get(0);
    SignalSettings plain = new SignalSettings(SignalEncoding.Dense, 0, 0, 1);
    DenseSignal signal = (DenseSignal) scorer.score(List.of(tokens), plain).get(0);
    Signal warm = scorer.score(List.of(tokens), DENSE).get(0);
    for (int i = 0; i < 11; i++) {
      float label = signal.logProbabilities()[i * VOCABULARY + tokens[i + 1]];
      assertThat(signal.labelLogProbability()[i]).isCloseTo(label, within(1e-5f));
    }
    assertThat(warm.labelLogProbability()).isEqualTo(signal.labelLogProbability());
  }

  /**
   * A family's larger size pads its vocabulary to more rows: the rest is a distribution by itself.
   */
  @ParameterizedTest
  @EnumSource
  void ofRowsThatTheStudentLacksNothingIsSaid(SignalEncoding encoding) {
    int shared = 250;
    int[] tokens = new SplittableRandom(3).ints(12, 0, shared).toArray();
    DenseSignal whole =
        (DenseSignal)
            scorer.score(List.of(tokens), new SignalSettings(SignalEncoding.Dense, 0, 0, 1)).get(0);
    SignalSettings settings = new SignalSettings(encoding, 40, 5, 1, shared);

    Signal signal = scorer.score(List.of(tokens), settings).get(0);

    assertThat(scorer.describe().fingerprint(settings).vocabularySize()).isEqualTo(shared);
    for (int i = 0; i < 11; i++) {
      double[] p = Arrays.copyOf(distribution(whole, i), shared);
      double mass = Arrays.stream(p).sum();
      double[] expected = Arrays.stream(p).map(value -> value / mass).toArray();
      assertThat((double) signal.labelLogProbability()[i])
          .isCloseTo(Math.log(expected[tokens[i + 1]]), within(1e-4));
      assertThat((double) signal.entropy()[i])
          .isCloseTo(SignalMath.entropy(expected), within(1e-4));
      if (signal instanceof DenseSignal dense) {
        assertThat(dense.logProbabilities()).hasSize(11 * shared);
        assertThat((double) dense.logProbabilities()[i * shared + 7])
            .isCloseTo(Math.log(expected[7]), within(1e-4));
      }
    }
    if (signal instanceof SampledSignal draws) {
      assertThat(Arrays.stream(draws.ids()).max().orElseThrow()).isLessThan(shared);
    } else if (signal instanceof TopKSignal top) {
      assertThat(Arrays.stream(top.ids()).max().orElseThrow()).isLessThan(shared);
    }
  }

  @Test
  void companyAndOrderDoNotChangeABit() {
    List<int[]> sequences = sequences(40, 17, 40, 65);
    List<Signal> together = scorer.score(sequences, SAMPLED);
    List<int[]> reversed = new ArrayList<>(sequences);
    Collections.reverse(reversed);
    List<Signal> backwards = scorer.score(reversed, SAMPLED);
    for (int s = 0; s < 4; s++) {
      Signal alone = scorer.score(List.of(sequences.get(s)), SAMPLED).get(0);
      assertThat(together.get(s)).usingRecursiveComparison().isEqualTo(alone);
      assertThat(backwards.get(3 - s)).usingRecursiveComparison().isEqualTo(alone);
    }
  }

  @Test
  void chunksArePutTogetherInOrder() {
    int[] tokens = sequences(33).get(0);
    DenseSignal whole = (DenseSignal) scorer.score(List.of(tokens), DENSE).get(0);
    try (DecoderScorer chunked = scorer(5)) {
      DenseSignal dense = (DenseSignal) chunked.score(List.of(tokens), DENSE).get(0);
      assertThat(dense.labelLogProbability())
          .containsExactly(whole.labelLogProbability(), within(1e-5f));
      assertThat(dense.entropy()).containsExactly(whole.entropy(), within(1e-5f));
      assertThat(dense.logProbabilities()).containsExactly(whole.logProbabilities(), within(1e-4f));
      SampledSignal draws = (SampledSignal) chunked.score(List.of(tokens), SAMPLED).get(0);
      for (int i = 0; i < 32; i++) {
        double[] uniforms = Draws.uniforms(5, Draws.sequenceKey(tokens), i, 20);
        SignalMath.assertDrawn(distribution(whole, i), uniforms, expanded(draws, i));
      }
    }
  }

  @Test
  void twoReplicasSayTheSameAcrossTheNetwork() throws Exception {
    List<int[]> sequences = sequences(40, 40, 40, 40, 17, 2);
    List<Signal> local = scorer.score(sequences, SAMPLED);
    TeacherServer.Settings settings = TeacherServer.Settings.of(0, 90);
    try (TeacherServer first = serve(settings);
        TeacherServer second = serve(settings)) {
      first.loaded().join();
      second.loaded().join();
      List<String> endpoints = List.of("localhost:" + first.port(), "localhost:" + second.port());
      try (TeacherClient client = TeacherClient.connect(endpoints, SAMPLED, RetryPolicy.DEFAULT)) {
        List<Signal> remote = client.score(sequences).get();
        for (int s = 0; s < sequences.size(); s++) {
          SampledSignal expected = (SampledSignal) local.get(s);
          SampledSignal signal = (SampledSignal) remote.get(s);
          assertThat(signal.ids()).isEqualTo(expected.ids());
          assertThat(signal.counts()).isEqualTo(expected.counts());
          assertThat(signal.entropy()).containsExactly(expected.entropy(), within(1 / 2047f));
        }
      }
    }
  }

  private static TeacherServer serve(TeacherServer.Settings settings) throws Exception {
    return TeacherServer.start(settings, () -> scorer(1000), new SimpleMeterRegistry());
  }
}
