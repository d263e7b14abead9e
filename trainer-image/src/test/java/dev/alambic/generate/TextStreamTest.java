package dev.alambic.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextStreamTest {
  /** One token a byte. */
  private static String bytes(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      bytes.write(token);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int[] tokens(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = bytes[i] & 0xff;
    }
    return tokens;
  }

  @Test
  void neverTellsHalfACharacter() {
    String text = "naïve 中文 \ud83d\ude00\ud83d\udc68\u200d\ud83d\udc69 e\u0301 x";
    TextStream stream = new TextStream(TextStreamTest::bytes, tokens("The é"));
    StringBuilder told = new StringBuilder();
    for (int token : tokens(text)) {
      String more = stream.add(token);
      assertThat(more).doesNotContain("\ufffd");
      told.append(more);
      assertThat(text).startsWith(told.toString());
      assertThat(
              Character.isHighSurrogate(told.length() == 0 ? 'x' : told.charAt(told.length() - 1)))
          .isFalse();
    }
    assertThat(told).hasToString(text);
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void whatIsCutOffComesAtTheEnd() {
    TextStream stream = new TextStream(TextStreamTest::bytes, new int[0]);
    assertThat(stream.add('a')).isEqualTo("a");
    assertThat(stream.add(0xe4)).isEmpty();
    assertThat(stream.add(0xb8)).isEmpty();
    assertThat(stream.end()).isEqualTo("\ufffd");
    assertThat(stream.end()).isEmpty();
  }

  /** As SentencePiece: words with their space, and the first space of a text dropped. */
  @Test
  void aSpaceInFrontIsKept() {
    List<String> words = List.of("▁Hello", "▁world", "▁!", "s");
    TextStream stream =
        new TextStream(
            ids -> {
              StringBuilder text = new StringBuilder();
              for (int id : ids) {
                text.append(words.get(id).replace('▁', ' '));
              }
              String all = text.toString();
              return all.startsWith(" ") ? all.substring(1) : all;
            },
            new int[] {0});
    assertThat(List.of(stream.add(1), stream.add(3), stream.add(2), stream.add(0), stream.add(1)))
        .containsExactly(" world", "s", " !", " Hello", " world");
  }

  @Test
  void allThatIsToldIsTheText() {
    Random random = new Random(8);
    for (int i = 0; i < 200; i++) {
      List<Integer> tokens = new ArrayList<>();
      for (int n = random.nextInt(40); n > 0; n--) {
        tokens.add(random.nextInt(256));
      }
      TextStream stream = new TextStream(TextStreamTest::bytes, new int[0]);
      StringBuilder told = new StringBuilder();
      tokens.forEach(token -> told.append(stream.add(token)));
      told.append(stream.end());
      assertThat(told.toString().replace("\ufffd", ""))
          .isEqualTo(bytes(tokens.stream().mapToInt(t -> t).toArray()).replace("\ufffd", ""));
    }
  }
}
