package dev.alambic.tokenizer;

/**
 * GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 bytes stand for themselves, the
 * others for the characters from U+0100 on, in byte order ({@code bytes_to_unicode} of
 * openai/gpt-2; {@code ByteLevel} of Hugging Face tokenizers).
 */
final class ByteAlphabet {
  private static final char[] CHARACTERS = characters();

  private ByteAlphabet() {}

  /** The character that stands for a byte, 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  private static char[] characters() {
    char[] characters = new char[256];
    char next = 0x100;
    for (int value = 0; value < 256; value++) {
      characters[value] = standsForItself(value) ? (char) value : next++;
    }
    return characters;
  }

  private static boolean standsForItself(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }
}
