package dev.alambic.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  private static final byte[] STATUS = ascii("VmHWM:\t  2048 kB\nRssAnon:\t      3 kB\n");

  @Test
  void memoryIsReadInBytes() {
    assertThat(ProcessMemory.bytes(ascii("RssAnon:"), STATUS, STATUS.length)).isEqualTo(3072);
    assertThat(ProcessMemory.bytes(ascii("VmHWM:"), STATUS, STATUS.length)).isEqualTo(2 << 20);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
