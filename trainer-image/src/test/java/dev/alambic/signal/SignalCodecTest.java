package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SignalCodecTest {
  private static final long KEY = 0x1234_5678_9ABC_DEF0L;
  private static final int HEADER_BYTES = 60;

  @ParameterizedTest
  @CsvSource({"2,1,1", "1,1,3", "2,50,7", "300,50,33", "70000,7,5", "256000,256,2", "5,65535,2"})
  void sampledSignalsComeBack(int vocabulary, int draws, int positions) {
    Fingerprint fingerprint = SignalFixtures.sampled(vocabulary, draws);
    SignalCodec codec = new SignalCodec(fingerprint);
    SampledSignal signal =
        SignalFixtures.sampledSignal(fingerprint, positions, new SplittableRandom(1));
    byte[] record = codec.encode(signal, KEY);
    SampledSignal back = (SampledSignal) codec.decode(record, positions, KEY);
    assertThat(back.ids()).isEqualTo(signal.ids());
    assertThat(back.counts()).isEqualTo(signal.counts());
    assertThat(back.offsets()).isEqualTo(signal.offsets());
    assertThat(back.draws()).isEqualTo(draws);
    assertNats(back, signal);
    assertThat((long) record.length).isLessThanOrEqualTo(codec.largestRecord(positions));
  }

  @Test
  void denseSignalsComeBack() {
    Fingerprint fingerprint = SignalFixtures.dense(37);
    SignalCodec codec = new SignalCodec(fingerprint);
    DenseSignal signal = SignalFixtures.denseSignal(fingerprint, 5, new SplittableRandom(1));
    byte[] record = codec.encode(signal, KEY);
    DenseSignal back = (DenseSignal) codec.decode(record, 5, KEY);
    assertThat(back.logProbabilities()).isEqualTo(signal.logProbabilities());
    assertNats(back, signal);
    assertThat((long) record.length).isEqualTo(codec.largestRecord(5));
  }

  @ParameterizedTest
  @CsvSource({"2,1,1", "3,64,3", "300,8,33", "70000,64,2", "256000,256,2"})
  void topKSignalsComeBack(int vocabulary, int size, int positions) {
    Fingerprint fingerprint = SignalFixtures.topK(vocabulary, size);
    SignalCodec codec = new SignalCodec(fingerprint);
    TopKSignal signal = SignalFixtures.topKSignal(fingerprint, positions, new SplittableRandom(1));
    byte[] record = codec.encode(signal, KEY);
    TopKSignal back = (TopKSignal) codec.decode(record, positions, KEY);
    assertThat(back.ids()).isEqualTo(signal.ids());
    assertThat(back.size()).isEqualTo(Math.min(size, vocabulary));
    assertNats(back, signal);
    for (int i = 0; i < back.logProbabilities().length; i++) {
      assertThat(back.logProbabilities()[i])
          .isCloseTo(Math.max(-63.999f, signal.logProbabilities()[i]), within(1 / 2047f));
    }
    for (int position = 0; position < positions; position++) {
      double sum = 0;
      for (float value : SignalMath.row(back.logProbabilities(), position, back.size() + 1)) {
        sum += Math.exp(value);
      }
      assertThat(sum).isCloseTo(1, within(1e-3));
    }
    assertThat((long) record.length).isEqualTo(codec.largestRecord(positions));
    assertThat(codec.encode(back, KEY)).as("a cache's copy").isEqualTo(record);
  }

  @Test
  void aTopKPositionThatIsNoDistributionIsNamed() {
    Fingerprint fingerprint = SignalFixtures.topK(300, 2);
    TopKSignal good = SignalFixtures.topKSignal(fingerprint, 3, new SplittableRandom(1));
    float[] values = good.logProbabilities().clone();
    values[2 * 3 + 2] = 0;
    assertRefusedTopK(fingerprint, good.ids(), values, "position 2: probabilities sum to 1.");
    int[] ids = good.ids().clone();
    ids[3] = ids[2];
    assertRefusedTopK(fingerprint, ids, good.logProbabilities(), "position 1: id");
    ids[3] = 301;
    assertRefusedTopK(fingerprint, ids, good.logProbabilities(), "position 1: id 301 is outside");
  }

  private static void assertRefusedTopK(
      Fingerprint fingerprint, int[] ids, float[] values, String message) {
    TopKSignal signal = new TopKSignal(2, new float[3], new float[3], ids, values);
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    assertRefused(fingerprint, record, 3, KEY, message);
  }

  private static void assertNats(Signal back, Signal signal) {
    for (int i = 0; i < signal.positions(); i++) {
      assertThat(back.entropy()[i]).isCloseTo(signal.entropy()[i], within(1 / 2047f));
      assertThat(back.labelLogProbability()[i])
          .isCloseTo(signal.labelLogProbability()[i], within(1 / 2047f));
    }
  }

  @Test
  void roundingLeavesTheMeanAlone() {
    SplittableRandom random = new SplittableRandom(3);
    double error = 0;
    for (int i = 0; i < 100_000; i++) {
      float nats = (float) random.nextDouble(12);
      error += FixedNats.decode(FixedNats.encode(nats, "entropy", i)) - nats;
    }
    assertThat(error / 100_000).isCloseTo(0, within(1e-5));
  }

  @Test
  void improbableLabelsAreCappedAndBrokenNumbersRefused() {
    assertThat(FixedNats.decode(FixedNats.encode(1e9f, "entropy", 0))).isEqualTo(65535 / 1024f);
    assertThat(FixedNats.encode(-1e-6f, "entropy", 0)).isZero();
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
      assertThatThrownBy(() -> FixedNats.encode(broken, "entropy", 17))
          .isInstanceOf(SignalException.class)
          .hasMessageContaining("entropy at position 17");
    }
  }

  @Test
  void bytesPerTokenAtTheSizesOfGemma2() {
    // A distribution of about two nats: arXiv 2503.16870 reports about 12 distinct ids of 50 draws.
    Fingerprint fingerprint = SignalFixtures.sampled(256_000, 50);
    int positions = 64;
    double[] p = SignalMath.zipf(256_000, 2.6);
    SplittableRandom random = new SplittableRandom(4);
    int[] drawn = new int[positions * 50];
    for (int position = 0; position < positions; position++) {
      double[] uniforms = Draws.uniforms(random.nextLong(), 1, position, 50);
      System.arraycopy(SignalMath.inverse(p, uniforms), 0, drawn, position * 50, 50);
    }
    float[] nats = new float[positions];
    Arrays.fill(nats, 2);
    float[] labels = new float[positions];
    Arrays.fill(labels, -2);
    SampledSignal signal = SampledSignal.ofSortedDraws(50, labels, nats, drawn);
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    double distinct = (double) signal.ids().length / positions;
    double bytes = (double) record.length / positions - 64.0 / positions;
    assertThat(distinct).isBetween(10.0, 14.0);
    assertThat(bytes).isLessThan(40);
  }

  @Test
  void eachFieldOfTheHeaderIsCompared() {
    Fingerprint fingerprint = SignalFixtures.sampled(300, 50);
    SampledSignal signal = SignalFixtures.sampledSignal(fingerprint, 4, new SplittableRandom(1));
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    assertRefused(fingerprint, record, 3, KEY, "positions is 4, expected 3");
    assertRefused(fingerprint, record, 4, KEY + 1, "sequence key is 123456789abcdef0");
    assertRefused(SignalFixtures.sampled(301, 50), record, 4, KEY, "vocabularySize is 300");
    assertRefused(SignalFixtures.sampled(300, 51), record, 4, KEY, "size is 50, expected 51");
    assertRefused(SignalFixtures.dense(300), record, 4, KEY, "encoding is 2, expected 1");
    Fingerprint capped = new Fingerprint(1, fingerprint.model(), 300, 50, fingerprint.settings());
    assertRefused(capped, record, 4, KEY, "fingerprint is");
    assertRefused(fingerprint, patched(record, 0, 'X'), 4, KEY, "magic number");
    assertRefused(fingerprint, patched(record, 4, 9), 4, KEY, "format version is 9, expected 2");
  }

  @Test
  void aFlippedBitAnywhereIsFound() {
    Fingerprint fingerprint = SignalFixtures.sampled(300, 10);
    SampledSignal signal = SignalFixtures.sampledSignal(fingerprint, 2, new SplittableRandom(1));
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] damaged = record.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(fingerprint, damaged, 2, KEY, "checksum");
    }
  }

  @Test
  void truncatedAndLongerRecordsAreRefused() {
    Fingerprint fingerprint = SignalFixtures.sampled(300, 10);
    SampledSignal signal = SignalFixtures.sampledSignal(fingerprint, 2, new SplittableRandom(1));
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    for (int length = 0; length < record.length; length++) {
      byte[] cut = Arrays.copyOf(record, length);
      assertThatThrownBy(() -> new SignalCodec(fingerprint).decode(cut, 2, KEY))
          .isInstanceOf(SignalException.class);
      if (length >= HEADER_BYTES + 12) {
        assertRefused(fingerprint, sealed(cut), 2, KEY, "");
      }
    }
    byte[] longer = sealed(Arrays.copyOf(record, record.length + 1));
    assertRefused(fingerprint, longer, 2, KEY, "");
  }

  @Test
  void impossibleDrawsAreNamedWithTheirPosition() {
    // V = 300: nine bits of id. Position 1 is broken.
    int[][] good = {{7, 4}, {8, 6}};
    assertBodyRefused("position 1: id 300 is outside", good, new int[][] {{300, 10}});
    assertBodyRefused("position 1: id 5 follows 5", good, new int[][] {{5, 5}, {5, 5}});
    assertBodyRefused("position 1: id 4 follows 5", good, new int[][] {{5, 5}, {4, 5}});
    assertBodyRefused("position 1: counts sum to more than 10", good, new int[][] {{5, 5}, {6, 6}});
    assertBodyRefused("position 1: counts sum to more than 10", good, new int[][] {{5, 16}});
    assertBodyRefused("position 1: the record ends early", good, new int[][] {{5, 5}});
    assertBodyRefused("bits follow", good, new int[][] {{5, 10}, {6, 1}});
  }

  private static void assertBodyRefused(String message, int[][]... positions) {
    BitWriter bits = new BitWriter();
    for (int[][] position : positions) {
      for (int[] pair : position) {
        bits.write(pair[0], 9);
        int below = 31 - Integer.numberOfLeadingZeros(pair[1]);
        bits.write(1 << below, below + 1);
        bits.write(pair[1] - (1 << below), below);
      }
    }
    byte[] body = bits.finish();
    Fingerprint fingerprint = SignalFixtures.sampled(300, 10);
    SampledSignal signal = SignalFixtures.sampledSignal(fingerprint, 2, new SplittableRandom(1));
    byte[] record = new SignalCodec(fingerprint).encode(signal, KEY);
    byte[] forged = Arrays.copyOf(record, HEADER_BYTES + 8 + body.length + 4);
    System.arraycopy(body, 0, forged, HEADER_BYTES + 8, body.length);
    assertRefused(fingerprint, sealed(forged), 2, KEY, message);
  }

  @Test
  void denseDistributionsMustSumToOne() {
    Fingerprint fingerprint = SignalFixtures.dense(4);
    SignalCodec codec = new SignalCodec(fingerprint);
    float half = (float) Math.log(0.5);
    float none = Float.NEGATIVE_INFINITY;
    float[] zeros = new float[2];
    float[] good = {half, half, none, none, half, none, none, half};
    byte[] record = codec.encode(new DenseSignal(zeros, zeros, good), KEY);
    assertThat(((DenseSignal) codec.decode(record, 2, KEY)).logProbabilities()).isEqualTo(good);
    for (float wrong : new float[] {Float.NaN, 0, Float.POSITIVE_INFINITY, none}) {
      float[] bad = good.clone();
      bad[4] = wrong;
      byte[] broken = codec.encode(new DenseSignal(zeros, zeros, bad), KEY);
      assertRefused(fingerprint, broken, 2, KEY, "position 1: probabilities sum to");
    }
  }

  /** What an answer's own tokens cost on the wire. */
  @Test
  void labelsTakeFourBytesATokenAndARecordsHeader() {
    Fingerprint fingerprint = SignalFixtures.label(256_000);
    SignalCodec codec = new SignalCodec(fingerprint);
    float[] labels = {-0.25f, -63, 0};
    float[] entropy = {1, 2, 3};
    byte[] record = codec.encode(new LabelSignal(labels, entropy), KEY);
    assertThat(record).hasSize(64 + 3 * 4);
    assertThat(codec.largestRecord(3)).isEqualTo(record.length);
    Signal back = codec.decode(record, 3, KEY);
    assertThat(back).isInstanceOf(LabelSignal.class);
    assertThat(back.labelLogProbability()).isEqualTo(labels);
    assertThat(back.entropy()).isEqualTo(entropy);
  }

  @ParameterizedTest
  @EnumSource
  void anyBytesGiveASignalOrASignalException(SignalEncoding encoding) {
    SplittableRandom random = new SplittableRandom(5);
    Fingerprint fingerprint =
        switch (encoding) {
          case Dense -> SignalFixtures.dense(3);
          case Sampled -> SignalFixtures.sampled(11, 6);
          case TopK -> SignalFixtures.topK(11, 2);
          case Label -> SignalFixtures.label(11);
        };
    SignalCodec codec = new SignalCodec(fingerprint);
    Signal signal =
        switch (encoding) {
          case Dense -> SignalFixtures.denseSignal(fingerprint, 3, random);
          case Sampled -> SignalFixtures.sampledSignal(fingerprint, 3, random);
          case TopK -> SignalFixtures.topKSignal(fingerprint, 3, random);
          case Label -> LabelSignal.of(SignalFixtures.denseSignal(fingerprint, 3, random));
        };
    byte[] record = codec.encode(signal, KEY);
    int refused = 0;
    for (int trial = 0; trial < 50_000; trial++) {
      byte[] bytes = trial % 2 == 0 ? mutated(record, random) : randomBytes(random);
      byte[] input = trial % 4 < 3 ? sealed(bytes) : bytes;
      try {
        requireSound(codec.decode(input, 3, KEY), fingerprint);
      } catch (SignalException e) {
        refused++;
        assertThat(e).hasMessageStartingWith("signal record: ");
      }
    }
    assertThat(refused).isGreaterThan(25_000);
  }

  private static void requireSound(Signal signal, Fingerprint fingerprint) {
    assertThat(signal.positions()).isEqualTo(3);
    if (signal instanceof TopKSignal top) {
      assertThat(Arrays.stream(top.ids()))
          .allMatch(id -> id >= 0 && id < fingerprint.vocabularySize());
      assertThat(top.logProbabilities()).doesNotContain(Float.NaN);
    } else if (signal instanceof SampledSignal draws) {
      assertThat(Arrays.stream(draws.counts()).sum()).isEqualTo(3 * draws.draws());
      assertThat(Arrays.stream(draws.ids()))
          .allMatch(id -> id >= 0 && id < fingerprint.vocabularySize());
    }
  }

  /** The record with up to three bytes changed, its body in most cases. */
  private static byte[] mutated(byte[] record, SplittableRandom random) {
    int length = random.nextInt(5) == 0 ? random.nextInt(record.length + 5) : record.length;
    byte[] bytes = Arrays.copyOf(record, length);
    for (int change = random.nextInt(4); change > 0 && length > HEADER_BYTES; change--) {
      int from = random.nextInt(4) == 0 ? 0 : HEADER_BYTES;
      bytes[random.nextInt(from, length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(150)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] patched(byte[] record, int at, int value) {
    byte[] bytes = record.clone();
    bytes[at] = (byte) value;
    return sealed(bytes);
  }

  /** The bytes with a right checksum at their end, so that what lies before is reached. */
  private static byte[] sealed(byte[] bytes) {
    if (bytes.length < 4) {
      return bytes;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    byte[] out = bytes.clone();
    ByteBuffer.wrap(out)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(out.length - 4, (int) crc.getValue());
    return out;
  }

  private static void assertRefused(
      Fingerprint fingerprint, byte[] record, int positions, long key, String message) {
    assertThatThrownBy(() -> new SignalCodec(fingerprint).decode(record, positions, key))
        .isInstanceOf(SignalException.class)
        .hasMessageContaining(message);
  }
}
