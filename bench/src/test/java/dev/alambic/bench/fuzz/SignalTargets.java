package dev.alambic.bench.fuzz;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalCodec;
import dev.alambic.signal.SignalException;
import dev.alambic.signal.SignalSettings;
import dev.alambic.signal.TopKSignal;
import dev.alambic.signal.cache.Holding;
import dev.alambic.signal.cache.SignalCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What teachers say: records of each encoding, and the blocks of the cache that they lie in. */
final class SignalTargets {
  static final int VOCABULARY = 7;
  static final int SIZE = 3;
  private static final int POSITIONS = 5;
  private static final int TRAILER = 20;
  private static final int ENTRY = 20;
  private static final List<String> BYTES = List.of("ASIG", "ASBL", "ASBE", "\0\0", "\u00ff");

  private SignalTargets() {}

  static List<Target> of(Path folder) throws IOException {
    List<Target> targets = new ArrayList<>();
    for (SignalEncoding encoding : SignalEncoding.values()) {
      targets.add(record(encoding));
    }
    targets.add(block(folder.resolve("sealed")));
    targets.add(unsealed(folder.resolve("unsealed")));
    return targets;
  }

  private static Target record(SignalEncoding encoding) {
    SignalCodec codec = new SignalCodec(fingerprint(encoding));
    return Target.of(
            "signal record, " + encoding.name().toLowerCase(Locale.ROOT),
            List.of(codec.encode(signal(encoding), 1)),
            BYTES,
            SignalException.class,
            in -> codec.decode(in, POSITIONS, 1))
        .sealedBy(SignalTargets::sealRecord);
  }

  /** A block with an index; damaged ones are told by the check, and otherwise not used. */
  private static Target block(Path root) throws IOException {
    Fingerprint fingerprint = fingerprint(SignalEncoding.Sampled);
    Path block = fill(root, fingerprint);
    return Target.of(
            "signal block",
            List.of(Files.readAllBytes(block)),
            BYTES,
            SignalException.class,
            in -> {
              Files.write(block, in);
              try (SignalCache cache = SignalCache.open(root, fingerprint, () -> 0)) {
                for (int key = 0; key < 4; key++) {
                  cache.find(key);
                }
              }
              for (Holding holding : Holding.of(root)) {
                holding.records();
                holding.verify();
              }
            })
        .sealedBy(SignalTargets::sealBlock)
        .dear(4);
  }

  /** A block whose writer was killed: what is sound of it is kept. */
  private static Target unsealed(Path root) throws IOException {
    Fingerprint fingerprint = fingerprint(SignalEncoding.Sampled);
    Path block = fill(root, fingerprint);
    byte[] whole = Files.readAllBytes(block);
    Files.delete(block);
    Path part = block.resolveSibling("left.part");
    return Target.of(
            "signal block, unsealed",
            List.of(Arrays.copyOf(whole, whole.length - TRAILER - 3 * ENTRY), whole),
            BYTES,
            SignalException.class,
            in -> {
              Files.write(part, in);
              SignalCache.open(root, fingerprint, () -> 0).close();
              Files.deleteIfExists(part.resolveSibling("left.block"));
            })
        .dear(4);
  }

  private static Path fill(Path root, Fingerprint fingerprint) throws IOException {
    SignalCodec codec = new SignalCodec(fingerprint);
    try (SignalCache cache = SignalCache.open(root, fingerprint, () -> 0)) {
      for (int key = 0; key < 3; key++) {
        cache.add(key, codec.encode(signal(SignalEncoding.Sampled), key));
      }
    }
    try (Stream<Path> files = Files.list(root.resolve(fingerprint.digest()))) {
      return files.filter(file -> file.toString().endsWith(".block")).findFirst().orElseThrow();
    }
  }

  static Fingerprint fingerprint(SignalEncoding encoding) {
    return new Fingerprint(
        Fingerprint.VERSION,
        new ModelDigests("a", "b", "c"),
        VOCABULARY,
        0,
        new SignalSettings(encoding, SIZE, 1, 1));
  }

  private static Signal signal(SignalEncoding encoding) {
    return signal(encoding, POSITIONS);
  }

  /** The same draws, or a flat distribution, at every position. */
  static Signal signal(SignalEncoding encoding, int positions) {
    float flat = (float) -Math.log(VOCABULARY);
    float[] label = filled(positions, flat);
    float[] entropy = filled(positions, -flat);
    return switch (encoding) {
      case Dense -> new DenseSignal(label, entropy, filled(positions * VOCABULARY, flat));
      case Label -> new LabelSignal(label, entropy);
      case Sampled -> {
        int[] draws = new int[positions * SIZE];
        Arrays.setAll(draws, i -> i % SIZE == 0 ? 1 : 4);
        yield SampledSignal.ofSortedDraws(SIZE, label, entropy, draws);
      }
      case TopK -> {
        int[] ids = new int[positions * SIZE];
        Arrays.setAll(ids, i -> i % SIZE);
        float[] values = filled(positions * (SIZE + 1), flat);
        for (int i = SIZE; i < values.length; i += SIZE + 1) {
          values[i] = (float) Math.log((VOCABULARY - SIZE) / (double) VOCABULARY);
        }
        yield new TopKSignal(SIZE, label, entropy, ids, values);
      }
    };
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  private static byte[] sealRecord(byte[] input) {
    int end = input.length - Integer.BYTES;
    if (end >= 0) {
      view(input).putInt(end, checksum(input, 0, end));
    }
    return input;
  }

  private static byte[] sealBlock(byte[] input) {
    int trailer = input.length - TRAILER;
    if (trailer >= 0) {
      long index = view(input).getLong(trailer);
      if (index >= 0 && index <= trailer) {
        int end = trailer + Long.BYTES + Integer.BYTES;
        view(input).putInt(end, checksum(input, (int) index, end));
      }
    }
    return input;
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, to - from);
    return (int) checksum.getValue();
  }
}
