package dev.alambic.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.annotate.Remark.Surprise;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnnotatedTextTest {
  private static final List<String> WORDS = List.of("Sun", " shines", " rains", "\n");
  private static final int[] PROMPT = {0};
  private static final List<Remark> REMARKS =
      List.of(
          new Remark(1, 0.75, 1, 0.75), new Remark(2, 0.005, 1, 0.9), new Remark(3, 0.04, 0, 0.5));

  private static String decode(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(WORDS::get).collect(Collectors.joining());
  }

  @Test
  void theTextThenWhatTheTeacherWouldHaveSaid() {
    String text = new AnnotatedText(AnnotatedTextTest::decode, false).of(PROMPT, REMARKS);
    assertThat(text.lines().toList())
        .containsExactly(
            "the teacher gives the token 1/2 or more, 1/10 or more, [1/100 or more], [[less]]",
            "",
            " shines[[ rains]][",
            "]",
            "",
            "   2  \" rains\"               0.50 %   the teacher: \" shines\" (90 %)",
            "   3  \"\\n\"                   4.00 %   the teacher: \"Sun\" (50 %)",
            "3 tokens, 2.93 nats each to the teacher, 1 as the teacher finds likeliest");
  }

  @Test
  void inColour() {
    String text = new AnnotatedText(AnnotatedTextTest::decode, true).of(PROMPT, REMARKS);
    assertThat(text).contains("\u001b[32m shines\u001b[0m\u001b[1;31m rains\u001b[0m\u001b[33m\n");
  }

  @Test
  void aRemarkIsTheTeachersDistribution() {
    float[] logits = {2, 0, -30, 1};
    double sum = Math.exp(2) + 1 + Math.exp(-30) + Math.exp(1);
    Remark remark = Remark.of(logits, 3);
    assertThat(remark.preferred()).isZero();
    assertThat(remark.probability()).isCloseTo(Math.exp(1) / sum, within(1e-12));
    assertThat(remark.preferredProbability()).isCloseTo(Math.exp(2) / sum, within(1e-12));
    assertThat(remark.nats()).isCloseTo(Math.log(sum) - 1, within(1e-12));
    assertThat(remark.surprise()).isEqualTo(Surprise.LITTLE);
    assertThat(Remark.of(logits, 2).surprise()).isEqualTo(Surprise.MUCH);
  }
}
