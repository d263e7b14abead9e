package dev.alambic.bench.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Damages bytes as files and messages get damaged, and as an attacker would. The same random
 * numbers give the same damage.
 */
final class Mutator {
  /** Most bytes of an input: enough for a long line or a deep nest. */
  static final int MOST_BYTES = 1 << 20;

  private static final int MOST_EDITS = 4;
  private static final List<Long> EDGES =
      Stream.of(
              "0 1 -1 7f ff 100 7fff 7fffffff -80000000 ffffffff 7fffffffffffffff -8000000000000000"
                  .split(" ", -1))
          .map(digits -> Long.parseLong(digits, 16))
          .toList();
  private static final List<String> NUMBERS =
      List.of("0 -1 1e999 -0.0 NaN 1e-400 2147483648 99999999999999999999 0x10".split(" ", -1));
  private static final List<String> NESTS = List.of("[", "{\"a\":", "(", "- ", "<<<", "{% if 1 %}");
  private static final List<Charset> ENCODINGS =
      List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1);
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final List<byte[]> seeds;
  private final List<byte[]> words;
  private final RandomGenerator random;

  /**
   * A mutator.
   *
   * @param seeds sound inputs, at least one
   * @param words of the format, to be written anywhere; at least one
   */
  Mutator(List<byte[]> seeds, List<String> words, RandomGenerator random) {
    this.seeds = List.copyOf(seeds);
    this.words = words.stream().map(Seeds::text).toList();
    this.random = random;
  }

  /** The next input: a seed with one to four edits. */
  byte[] next() {
    byte[] input = any(seeds);
    for (int edits = 1 + random.nextInt(MOST_EDITS); edits > 0; edits--) {
      input = edited(input);
    }
    return input.length <= MOST_BYTES ? input : Arrays.copyOf(input, MOST_BYTES);
  }

  private byte[] edited(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + random.nextInt(random.nextInt(4) == 0 ? 400 : 8));
    return switch (random.nextInt(16)) {
      case 0, 1 -> withByte(input, at, random.nextInt(256));
      case 2 ->
          at < input.length ? withByte(input, at, input[at] ^ (1 << random.nextInt(8))) : input;
      case 3 -> Arrays.copyOf(input, at);
      case 4 -> replaced(input, at, to, new byte[0]);
      case 5 -> replaced(input, at, at, Arrays.copyOfRange(input, at, to));
      case 6 -> replaced(input, at, at, repeated(Arrays.copyOfRange(input, at, to)));
      case 7 -> spliced(input, at);
      case 8, 9 -> replaced(input, at, to, any(words));
      case 10 -> withNumber(input, at);
      case 11 -> withEdge(input, at);
      case 12 -> replaced(input, at, at, repeated(Seeds.text(any(NESTS))));
      case 13 -> replaced(input, at, at, new byte[1 + random.nextInt(4)]);
      case 14 -> random.nextInt(8) == 0 ? encoded(input) : replaced(input, at, to, any(words));
      default -> random.nextInt(8) == 0 ? longLine(input, at) : swapped(input, at, to);
    };
  }

  private static byte[] withByte(byte[] input, int at, int value) {
    byte[] changed = input.clone();
    if (at < changed.length) {
      changed[at] = (byte) value;
    }
    return changed;
  }

  /** Up to 2^14 times, and mostly a few. */
  private byte[] repeated(byte[] part) {
    int times = 1 << random.nextInt(random.nextInt(4) == 0 ? 15 : 4);
    int bytes = (int) Math.min(MOST_BYTES, (long) part.length * times);
    byte[] all = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      all[i] = part[i % part.length];
    }
    return all;
  }

  private byte[] spliced(byte[] input, int at) {
    byte[] other = any(seeds);
    int from = random.nextInt(other.length + 1);
    return replaced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
  }

  /** Another number in place of the first one from here on. */
  private byte[] withNumber(byte[] input, int at) {
    int from = firstFrom(input, at, true);
    int to = firstFrom(input, from, false);
    String number = random.nextInt(8) == 0 ? "9".repeat(1 << random.nextInt(14)) : any(NUMBERS);
    return replaced(input, from, to, Seeds.text(number));
  }

  private static int firstFrom(byte[] input, int at, boolean digit) {
    int first = at;
    while (first < input.length && (input[first] >= '0' && input[first] <= '9') != digit) {
      first++;
    }
    return first;
  }

  /** A binary number at the edge of its type. */
  private byte[] withEdge(byte[] input, int at) {
    int width = 1 << random.nextInt(4);
    ByteBuffer number =
        ByteBuffer.allocate(Long.BYTES)
            .order(random.nextInt(4) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .putLong(any(EDGES));
    byte[] part = Arrays.copyOf(number.array(), width);
    return replaced(input, at, Math.min(input.length, at + width), part);
  }

  private byte[] encoded(byte[] input) {
    if (random.nextInt(4) == 0) {
      return replaced(input, 0, 0, BYTE_ORDER_MARK);
    }
    Charset encoding = any(ENCODINGS);
    return new String(input, StandardCharsets.UTF_8).getBytes(encoding);
  }

  private byte[] longLine(byte[] input, int at) {
    byte[] line = new byte[1 << (10 + random.nextInt(10))];
    Arrays.fill(line, (byte) "a \"\\9é".charAt(random.nextInt(6)));
    return replaced(input, at, at, line);
  }

  private byte[] swapped(byte[] input, int at, int to) {
    byte[] part = Arrays.copyOfRange(input, at, to);
    byte[] without = replaced(input, at, to, new byte[0]);
    int place = random.nextInt(without.length + 1);
    return replaced(without, place, place, part);
  }

  private static byte[] replaced(byte[] input, int from, int to, byte[] part) {
    byte[] changed = new byte[input.length - (to - from) + part.length];
    System.arraycopy(input, 0, changed, 0, from);
    System.arraycopy(part, 0, changed, from, part.length);
    System.arraycopy(input, to, changed, from + part.length, input.length - to);
    return changed;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
