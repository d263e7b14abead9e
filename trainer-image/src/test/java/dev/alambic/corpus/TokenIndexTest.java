package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.corpus.TokenIndex.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIndexTest {
  private static final int WIDTH = 2;

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("index");
  }

  private TokenIndex read() throws IOException {
    return TokenIndex.read(file(), WIDTH);
  }

  private static Entry entry(long id, long offset, long tokens) {
    return new Entry(id, offset, tokens, 3, 1, 7);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    TokenIndex index = read();
    index.write(file(), entry(0, 0, 100));
    index.write(file(), entry(-1, 200, 50));
    assertThat(read().entry(0)).isEqualTo(entry(0, 0, 100));
    assertThat(read().entry(-1)).isEqualTo(entry(-1, 200, 50));
    assertThat(read().entry(1)).isNull();
    assertThat(read().place(2, 10, 10_000)).isEqualTo(300);
    assertThat(read().place(2, 10, 310)).isZero();
  }

  /** Places against a model of the file in which each byte knows whose it is. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whatIsOverwrittenIsNotThere(int seed) throws IOException {
    Random random = new Random(seed);
    long[] bytes = new long[2000];
    Map<Long, Entry> written = new HashMap<>();
    TokenIndex index = read();
    for (int i = 0; i < 200; i++) {
      long id = random.nextInt(20);
      long tokens = random.nextInt(300);
      long offset = index.place(id, tokens, bytes.length);
      assertThat(offset + tokens * WIDTH).isLessThanOrEqualTo(bytes.length);
      Entry entry = entry(id, offset, tokens);
      Arrays.fill(bytes, (int) offset, (int) (offset + tokens * WIDTH), i);
      Entry before = written.put(id, new Entry(id, offset, tokens, i, 1, 7));
      index.write(file(), new Entry(id, offset, tokens, i, 1, 7));
      assertThat(before == null || index.entry(id).tokens() == entry.tokens()).isTrue();
      TokenIndex again = read();
      for (Entry one : written.values()) {
        boolean whole = true;
        for (long at = one.offset(); at < one.offset() + one.tokens() * WIDTH; at++) {
          whole &= bytes[(int) at] == one.documents();
        }
        assertThat(again.entry(one.id())).isEqualTo(one);
        assertThat(whole || !again.isThere(one)).isTrue();
      }
    }
  }

  @Test
  void aHalfWrittenEntryIsOverwrittenAndADamagedOneLeftOut() throws IOException {
    read().write(file(), entry(0, 0, 100));
    read().write(file(), entry(1, 200, 100));
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length - 5));
    assertThat(read().entry(1)).isNull();
    read().write(file(), entry(2, 200, 10));
    assertThat(read().entry(0)).isEqualTo(entry(0, 0, 100));
    assertThat(read().entry(2)).isEqualTo(entry(2, 200, 10));
    bytes = Files.readAllBytes(file());
    bytes[9] ^= 1;
    Files.write(file(), bytes);
    assertThat(read().entry(0)).isNull();
    assertThat(read().entry(2)).isEqualTo(entry(2, 200, 10));
  }
}
