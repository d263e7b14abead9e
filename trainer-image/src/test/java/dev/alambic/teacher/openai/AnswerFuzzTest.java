package dev.alambic.teacher.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.signal.SignalException;
import dev.alambic.signal.TopKSignal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A good answer with random damage gives a sound signal or one line of refusal, and nothing else:
 * no other exception, no number that isn't one.
 */
class AnswerFuzzTest {
  private static final ToyModel MODEL = new ToyModel(20);
  private static final int SIZE = 3;
  private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6};
  private static final int ROUNDS = 20_000;
  private static final String BITS = "0123456789-+.eE\"{}[],: nulltrueNaIf\u00e9\\";

  @ParameterizedTest
  @ValueSource(strings = {"vllm", "sglang"})
  void damageIsToldOrHarmless(String kind) throws Exception {
    boolean vllm = kind.equals("vllm");
    Dialect dialect = vllm ? new VllmDialect("m", Set.of("m")) : new SglangDialect();
    byte[] good =
        (vllm
                ? VllmAnswers.completion(MODEL, "m", TOKENS, SIZE)
                : SglangAnswers.generation(MODEL, TOKENS, SIZE))
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(20260101);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bad = damaged(good, random);
      TopKAnswer answer = new TopKAnswer(TOKENS, SIZE, MODEL.vocabularySize());
      try {
        dialect.read(new ByteArrayInputStream(bad), answer);
        assertSound(answer.signal());
      } catch (SignalException | TopKAnswer.FewIdsException e) {
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(ROUNDS / 4, ROUNDS - 1);
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bits = BITS.getBytes(StandardCharsets.UTF_8);
    byte[] bad = good.clone();
    int edits = 1 + random.nextInt(3);
    for (int edit = 0; edit < edits; edit++) {
      int at = random.nextInt(bad.length);
      int length = Math.min(bad.length - at, random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> bad[at] = (byte) random.nextInt(256);
        case 1 -> bad[at] = bits[random.nextInt(bits.length)];
        case 2 -> bad = spliced(bad, at, length, new byte[0]);
        case 3 -> bad = spliced(bad, at, 0, java.util.Arrays.copyOfRange(bad, at, at + length));
        default -> bad = spliced(bad, at, bad.length - at, new byte[0]);
      }
      if (bad.length == 0) {
        return bad;
      }
    }
    return bad;
  }

  private static byte[] spliced(byte[] bytes, int at, int removed, byte[] put) {
    byte[] result = new byte[bytes.length - removed + put.length];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(put, 0, result, at, put.length);
    System.arraycopy(bytes, at + removed, result, at + put.length, bytes.length - at - removed);
    return result;
  }

  private static void assertSound(TopKSignal signal) {
    for (int position = 0; position < signal.positions(); position++) {
      double sum = 0;
      for (int k = 0; k <= SIZE; k++) {
        sum += Math.exp(signal.logProbabilities()[position * (SIZE + 1) + k]);
      }
      assertThat(sum).isBetween(1 - 1e-4, 1 + 1e-4);
      assertThat(signal.labelLogProbability()[position]).isBetween(-Float.MAX_VALUE, 0f);
      assertThat(signal.entropy()[position]).isBetween(0f, 10f);
      for (int k = 1; k < SIZE; k++) {
        assertThat(signal.ids()[position * SIZE + k])
            .isGreaterThan(signal.ids()[position * SIZE + k - 1]);
      }
    }
  }
}
