package dev.alambic.signal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalException;
import dev.alambic.signal.SignalFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalCacheTest {
  private static final Fingerprint FINGERPRINT = SignalFixtures.sampled(300, 10);
  private static final Fingerprint OTHER = SignalFixtures.sampled(300, 11);
  private static final long SMALL = 1000;

  @TempDir private Path root;
  private long nanos;

  private SignalCache open(Fingerprint fingerprint) throws IOException {
    return SignalCache.open(root, fingerprint, () -> nanos, SMALL);
  }

  private static byte[] record(Fingerprint fingerprint, long key) {
    SplittableRandom random = new SplittableRandom(key);
    return new SignalCodec(fingerprint)
        .encode(SignalFixtures.sampledSignal(fingerprint, 5, random), key);
  }

  private void fill(int from, int to) throws IOException {
    try (SignalCache cache = open(FINGERPRINT)) {
      for (long key = from; key < to; key++) {
        cache.add(key * 0x9E3779B97F4A7C15L, record(FINGERPRINT, key * 0x9E3779B97F4A7C15L));
      }
    }
  }

  private void assertHolds(SignalCache cache, int from, int to) throws IOException {
    for (long key = from; key < to; key++) {
      long mixed = key * 0x9E3779B97F4A7C15L;
      assertThat(cache.find(mixed) != null).isTrue();
      assertThat(cache.find(mixed)).isEqualTo(record(FINGERPRINT, mixed));
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(FINGERPRINT.digest()))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void whatWasAddedIsFoundAtOnceAndByLaterOnes() throws IOException {
    try (SignalCache cache = open(FINGERPRINT)) {
      cache.add(7, record(FINGERPRINT, 7));
      assertThat(cache.find(7)).isEqualTo(record(FINGERPRINT, 7));
      assertThat(cache.find(8)).isNull();
    }
    fill(0, 100);
    assertThat(files(Block.SEALED)).hasSizeGreaterThan(5);
    assertThat(files(BlockWriter.OPEN)).isEmpty();
    try (SignalCache cache = open(FINGERPRINT)) {
      assertHolds(cache, 0, 100);
      assertThat(cache.find(8) != null).isFalse();
    }
  }

  @Test
  void anotherFingerprintHasRecordsOfItsOwn() throws IOException {
    fill(0, 3);
    try (SignalCache other = open(OTHER)) {
      assertThat(other.find(0) != null).isFalse();
    }
  }

  @Test
  void aReaderSeesOthersBlocksAfterAWhile() throws IOException {
    try (SignalCache reader = open(FINGERPRINT)) {
      fill(0, 3);
      assertThat(reader.find(0) != null).isFalse();
      nanos += Duration.ofSeconds(31).toNanos();
      assertHolds(reader, 0, 3);
    }
  }

  @Test
  void twoWritersDoNotDisturbEachOther() throws IOException {
    try (SignalCache one = open(FINGERPRINT);
        SignalCache two = open(FINGERPRINT)) {
      for (long key = 0; key < 20; key++) {
        (key % 2 == 0 ? one : two).add(key, record(FINGERPRINT, key));
        try (SignalCache third = open(FINGERPRINT)) {
          assertThat(third.find(-1) != null).isFalse();
        }
      }
    }
    try (SignalCache cache = open(FINGERPRINT)) {
      for (long key = 0; key < 20; key++) {
        assertThat(cache.find(key)).isEqualTo(record(FINGERPRINT, key));
      }
    }
  }

  /** Every prefix of an open block is what a killed writer may leave. */
  @Test
  void aKilledWriterLosesOnlyTheRecordItWasWriting() throws IOException {
    byte[] whole;
    int[] ends = new int[3];
    Path folder = root.resolve(FINGERPRINT.digest());
    Files.createDirectories(folder);
    Path file = folder.resolve("killed" + BlockWriter.OPEN);
    try (BlockWriter writer = BlockWriter.begin(file, FINGERPRINT.digest())) {
      for (int key = 0; key < 3; key++) {
        writer.append(key, record(FINGERPRINT, key));
        ends[key] = (int) writer.bytes();
      }
      whole = Files.readAllBytes(file);
    }
    for (int length = 0; length <= whole.length; length += length < whole.length - 7 ? 7 : 1) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (SignalCache cache = open(FINGERPRINT)) {
        for (int key = 0; key < 3; key++) {
          assertThat(cache.find(key) != null)
              .as("%d bytes, record %d", length, key)
              .isEqualTo(length >= ends[key]);
        }
      }
      assertThat(file).doesNotExist();
      Files.deleteIfExists(folder.resolve("killed" + Block.SEALED));
    }
  }

  /** A flipped bit costs its record, or the block, and never gives a wrong record. */
  @Test
  void damageIsFound() throws IOException {
    fill(0, 3);
    Path block = files(Block.SEALED).get(0);
    byte[] whole = Files.readAllBytes(block);
    int found = 0;
    for (int at = 0; at < whole.length; at += 5) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(block, damaged);
      try (SignalCache cache = open(FINGERPRINT)) {
        found += readable(cache);
      }
    }
    Files.write(block, whole);
    assertThat(found).as("records read of damaged blocks").isPositive();
  }

  private static int readable(SignalCache cache) throws IOException {
    int read = 0;
    for (long key = 0; key < 3; key++) {
      long mixed = key * 0x9E3779B97F4A7C15L;
      try {
        byte[] record = cache.find(mixed);
        if (record != null) {
          assertThat(record).isEqualTo(record(FINGERPRINT, mixed));
          read++;
        }
      } catch (SignalException e) {
        assertThat(e).hasMessageStartingWith("signal block ");
      }
    }
    return read;
  }

  @Test
  void aTruncatedBlockIsNotUsed() throws IOException {
    fill(0, 3);
    Path block = files(Block.SEALED).get(0);
    byte[] whole = Files.readAllBytes(block);
    for (int length = 0; length < whole.length; length += 5) {
      Files.write(block, Arrays.copyOf(whole, length));
      try (SignalCache cache = open(FINGERPRINT)) {
        assertThat(cache.find(0) != null).isFalse();
      }
    }
  }

  @Test
  void verifyingReadsEveryRecord() throws IOException {
    fill(0, 3);
    Path file = files(Block.SEALED).get(0);
    assertThat(Block.open(file, FINGERPRINT.digest()).verify()).isEqualTo(3 * 5);
    byte[] whole = Files.readAllBytes(file);
    whole[60] ^= 1;
    Files.write(file, whole);
    Block damaged = Block.open(file, FINGERPRINT.digest());
    assertThatThrownBy(damaged::verify)
        .isInstanceOf(SignalException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void aHoldingTellsWhatIsThereAndWhatIsDamaged() throws IOException {
    fill(0, 20);
    Holding holding = Holding.of(root).get(0);
    assertThat(holding.digest()).isEqualTo(FINGERPRINT.digest());
    assertThat(holding.field("encoding")).contains("Sampled");
    assertThat(holding.records()).isEqualTo(20);
    assertThat(holding.verify()).isEqualTo(new Holding.Verification(20, 100, List.of()));

    Path block = holding.sealed().get(0);
    byte[] bytes = Files.readAllBytes(block);
    bytes[60] ^= 1;
    Files.write(block, bytes);
    assertThat(holding.verify().damaged()).extracting(Holding.Damage::block).containsExactly(block);
    holding.delete();
    assertThat(Holding.of(root)).isEmpty();
  }

  /** What is read is bounded by the block, whatever a sealed index says. */
  @Test
  void anIndexThatLeadsOutsideOfItsBlockIsDamage() throws IOException {
    fill(0, 3);
    Path block = files(Block.SEALED).get(0);
    byte[] sound = Files.readAllBytes(block);
    int index = sound.length - BlockFormat.TRAILER_BYTES - 3 * BlockFormat.ENTRY_BYTES;
    for (long[] place : new long[][] {{-1, 100}, {Long.MAX_VALUE, 100}, {44, -1}, {44, 1 << 30}}) {
      byte[] bad = sound.clone();
      ByteBuffer view = BlockFormat.view(bad);
      view.putLong(index + Long.BYTES, place[0]);
      view.putInt(index + 2 * Long.BYTES, (int) place[1]);
      int end = bad.length - 2 * Integer.BYTES;
      CRC32C crc = new CRC32C();
      crc.update(bad, index, end - index);
      view.putInt(end, (int) crc.getValue());
      Files.write(block, bad);
      try (SignalCache cache = open(FINGERPRINT)) {
        assertThatThrownBy(() -> cache.find(view.getLong(index)))
            .isInstanceOf(SignalException.class)
            .hasMessageContaining("the index leads outside of the block");
      }
    }
  }

  @Test
  void aTrailerThatClaimsTooMuchIsDamage() throws IOException {
    fill(0, 3);
    Path block = files(Block.SEALED).get(0);
    byte[] bad = Files.readAllBytes(block);
    int trailer = bad.length - BlockFormat.TRAILER_BYTES;
    int records = Integer.MAX_VALUE;
    BlockFormat.view(bad)
        .putLong(trailer, trailer - (long) records * BlockFormat.ENTRY_BYTES)
        .putInt(trailer + Long.BYTES, records);
    Files.write(block, bad);
    assertThatThrownBy(() -> Block.open(block, FINGERPRINT.digest()))
        .isInstanceOf(SignalException.class)
        .hasMessageContaining("the trailer is damaged");
  }
}
