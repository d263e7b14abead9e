package dev.alambic.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void memoryIsReadInBytes() {
    List<String> status = List.of("VmHWM:\t  2048 kB", "RssAnon:\t      3 kB");
    assertThat(ProcessMemory.bytes("RssAnon", status)).isEqualTo(3072);
    assertThat(ProcessMemory.bytes("VmHWM", status)).isEqualTo(2 << 20);
  }
}
