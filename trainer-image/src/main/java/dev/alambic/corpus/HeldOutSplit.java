package dev.alambic.corpus;

import dev.alambic.corpus.text.Passage;
import java.nio.charset.StandardCharsets;

/**
 * Decides which passages are held out for evaluation: about one in twenty, by a hash of file name
 * and passage number. Whoever reads the same corpus holds out the same text, whatever the
 * tokenizer: a teacher has never seen what its student is evaluated on.
 */
public final class HeldOutSplit {
  private static final int PARTS = 20;

  private HeldOutSplit() {}

  /**
   * Whether a passage is in the first {@code twentieths} twentieths. Fewer twentieths are a subset
   * of more.
   *
   * @param twentieths 1 to 20
   */
  public static boolean chosen(Passage passage, int twentieths) {
    return part(passage.file(), passage.number()) < twentieths;
  }

  public static boolean chosen(String file, long number) {
    return part(file, number) == 0;
  }

  private static long part(String file, long number) {
    long hash = SplitMix64.mix(fnv1a(file) + SplitMix64.mix(number));
    return Long.remainderUnsigned(hash, PARTS);
  }

  /** The 64-bit FNV-1a hash of a name's UTF-8 bytes. */
  private static long fnv1a(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ Byte.toUnsignedInt(value)) * 0x100000001b3L;
    }
    return hash;
  }
}
